// SPDX-License-Identifier: BSD-3-Clause
// StatusReport: what `sidecar status`, the `state` snapshot and `sidecar clients` say. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

#include "daemon/clients/peer_credentials.hpp"
#include "daemon/events/event.hpp"
#include "daemon/store/store_status.hpp"
#include "daemon/upstream/upstream_status.hpp"

namespace exapulse {

/// The state of ExaBGP and exapulsed at one moment; what is not known is empty and becomes null.
struct StatusReport : UpstreamStatus {
    std::size_t clients = 0;
    std::size_t subscribers = 0;
    std::uint64_t slow = 0;  ///< commands slower than log.slow
    pid_t pid = 0;
    WallTime started{};
    StoreStatus store{};
    std::size_t routes = 0;            ///< announced through exapulsed
    std::size_t routes_kept = 0;       ///< of those
    std::size_t routes_gone = 0;       ///< not kept, and lost with an ExaBGP
    std::size_t routes_uncertain = 0;  ///< the outcome of their command is unknown
    struct Replaying {
        std::size_t total, answered;
    };
    std::optional<Replaying> replaying{};
};

struct ClientReport {
    std::uint64_t id = 0;
    PeerCredentials peer;
    std::string process;
    std::string user;  ///< its name; empty: not known
    WallTime since{};
    std::uint64_t commands = 0;
    std::size_t pending = 0;
    bool subscribed = false;
    std::uint64_t backlog = 0;
    std::uint64_t dropped = 0;
};

/// One line of JSON each, without LF.
[[nodiscard]] std::string format_status(const StatusReport& report, const EventPlace& place);
/// The same fields as a `state` event.
[[nodiscard]] std::string format_snapshot(const StatusReport& report, const EventPlace& place,
                                          WallTime time);
[[nodiscard]] std::string format_clients(const std::vector<ClientReport>& clients);

}  // namespace exapulse
