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
#include "daemon/exabgp/dialect.hpp"
#include "daemon/identity/identity_method.hpp"
#include "daemon/upstream/dialogue/contention.hpp"
#include "daemon/upstream/link/upstream_candidate.hpp"

namespace exapulse {

/// A picture of exapulsed at one moment; what is not known is empty and becomes null.
struct StatusReport {
    HealthState state = HealthState::Connecting;
    WallTime since{};
    std::string uuid;
    std::string version;
    std::optional<Dialect> dialect;
    std::optional<IdentityMethod> identity;
    std::string identity_evidence;
    std::optional<UpstreamCandidate> upstream;
    std::vector<UpstreamCandidate> searched;
    std::string detail;
    bool ready = false;  ///< commands are carried out
    std::optional<Contention::Seen> contention;
    int missed = 0;
    int of = 0;
    std::optional<WallTime> last_pong;
    std::optional<WallTime> away_since;
    std::optional<std::chrono::microseconds> latency;
    Milliseconds interval{};
    std::size_t clients = 0;
    std::size_t subscribers = 0;
    std::size_t waiting = 0;
    std::size_t in_flight = 0;
    pid_t pid = 0;
    WallTime started{};
    std::optional<std::vector<Peer>> peers;  ///< of the snapshot; nullopt: not known now
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
