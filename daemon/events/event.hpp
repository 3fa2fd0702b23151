// SPDX-License-Identifier: BSD-3-Clause
// Event: one thing that happened to ExaBGP, and its line on the wire. Pure.
#pragma once

#include <bitset>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "common/protocol.hpp"
#include "common/time.hpp"
#include "daemon/exabgp/peer.hpp"

namespace exapulse {

/// Fields beyond the first four are set where exapulse-protocol(7) lists them for the type.
struct Event {
    EventType type = EventType::State;
    HealthState state = HealthState::Connecting;
    std::string uuid;  ///< empty: none known yet, `null` on the wire
    WallTime time{};
    std::optional<std::string> previous{};
    std::optional<bool> proven{};  ///< `restarted`: false when it may be the same ExaBGP after all
    std::optional<Milliseconds> away{};
    std::optional<Cause> cause{};
    std::optional<int> missed{};
    std::optional<int> of{};
    std::optional<WallTime> last_pong{};  ///< null where `degraded` or `failed` know none
    std::optional<std::string> detail{};
    std::optional<std::uint64_t> dropped{};
    std::optional<std::vector<Peer>> peers{};     ///< `peers`: every one
    std::optional<Peer> peer{};                   ///< `peer-up`, `peer-down`
    std::optional<std::string> previous_state{};  ///< of that peer; empty: `null` on the wire
};

using EventTypes = std::bitset<event_type_names.size()>;

/// All that have happened: `peers` is a picture, as the snapshot is.
[[nodiscard]] inline EventTypes every_happening() {
    return EventTypes().set().reset(static_cast<std::size_t>(EventType::Peers));
}

/// Those that only an ExaBGP that is asked again and again can bring.
[[nodiscard]] inline EventTypes peer_event_types() {
    EventTypes types;
    for (const EventType type : {EventType::Peers, EventType::PeerUp, EventType::PeerDown})
        types.set(static_cast<std::size_t>(type));
    return types;
}

/// Where an event stands in the stream of this run of exapulsed.
struct EventPlace {
    std::uint64_t seq = 0;
    std::string_view boot;
};

[[nodiscard]] nlohmann::ordered_json json_of(const Event& event, const EventPlace& place);
/// The same as one line, without LF.
[[nodiscard]] std::string format_event(const Event& event, const EventPlace& place);

/// One line for the log and for systemd's STATUS=, e.g. "restarted: ExaBGP is a new process ...".
[[nodiscard]] std::string describe_event(const Event& event);

}  // namespace exapulse
