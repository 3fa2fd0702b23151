// SPDX-License-Identifier: BSD-3-Clause
// UpstreamStatus: what is known about ExaBGP at one moment. Pure.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "common/time.hpp"
#include "daemon/events/event.hpp"
#include "daemon/exabgp/peer.hpp"
#include "daemon/health/health_monitor.hpp"
#include "daemon/identity/identity_method.hpp"
#include "daemon/upstream/dialogue/contention.hpp"
#include "daemon/upstream/link/upstream_candidate.hpp"

namespace exapulse {

/// What is not known is empty.
struct UpstreamStatus {
    HealthState state = HealthState::Connecting;
    WallTime since{};  ///< of the state
    std::string uuid;
    std::string version;
    std::optional<Dialect> dialect;
    std::optional<IdentityMethod> identity;  ///< how it is distinguished from the next
    std::string identity_evidence;           ///< which process it is, in words
    std::optional<UpstreamCandidate> upstream;
    std::vector<UpstreamCandidate> searched;
    std::string detail;  ///< what is wrong, in words
    bool ready = false;  ///< commands are executed
    std::optional<Contention::Seen> contention;
    int missed = 0;  ///< pings, of
    int of = 0;      ///< as many in a row that are a failure
    std::optional<WallTime> last_pong;
    std::optional<WallTime> away_since;
    std::optional<std::chrono::microseconds> latency;
    Milliseconds interval{};  ///< of the pings
    std::size_t waiting = 0;  ///< commands
    std::size_t in_flight = 0;
    std::optional<std::vector<Peer>> peers;  ///< of the snapshot; nullopt: not known now
};

/// Sets all that `health` knows.
void add_health(UpstreamStatus& status, const HealthMonitor& health, const Moment& now);

}  // namespace exapulse
