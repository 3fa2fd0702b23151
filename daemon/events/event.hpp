// SPDX-License-Identifier: BSD-3-Clause
// Event: something that happened to ExaBGP, and its line on the wire. Pure.
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

/// Whose routes an event is about.
struct EventOwner {
    std::uint32_t uid = 0;
    std::string user{};
    std::string name{};  ///< empty: `null` on the wire
};

/// Fields after the first four are set if exapulse-protocol(7) lists them for the type.
struct Event {
    EventType type = EventType::State;
    HealthState state = HealthState::Connecting;
    std::string uuid;  ///< empty: unknown, `null` on the wire
    WallTime time{};
    std::optional<std::string> previous{};
    std::optional<bool> proven{};  ///< `restarted`: false if it may still be the same ExaBGP
    std::optional<Milliseconds> away{};
    std::optional<Cause> cause{};
    std::optional<int> missed{};
    std::optional<int> of{};
    std::optional<WallTime> last_pong{};  ///< of `degraded` and `failed`: null if there was none
    std::optional<std::string> detail{};
    std::optional<std::uint64_t> dropped{};
    std::optional<std::vector<Peer>> peers{};     ///< `peers`: all of them
    std::optional<Peer> peer{};                   ///< `peer-up`, `peer-down`
    std::optional<std::string> previous_state{};  ///< of that peer; empty: `null` on the wire
    std::optional<StoreState> store{};            ///< `store`
    std::optional<std::size_t> routes{};          ///< `replaying`: to come; `replayed`: announced;
                                                  ///< `expired`: withdrawn
    std::optional<std::size_t> not_kept{};        ///< `replaying`
    std::optional<std::size_t> refused{};         ///< `replayed`
    std::vector<std::string> reasons{};           ///< `replayed`: of the first of those
    std::optional<Milliseconds> took{};           ///< `replayed`
    std::optional<EventOwner> owner{};            ///< `expired`
};

using EventTypes = std::bitset<event_type_names.size()>;

/// All types except `peers`, which is a snapshot.
[[nodiscard]] inline EventTypes every_happening() {
    return EventTypes().set().reset(static_cast<std::size_t>(EventType::Peers));
}

/// Those that require polling ExaBGP.
[[nodiscard]] inline EventTypes peer_event_types() {
    EventTypes types;
    for (const EventType type : {EventType::Peers, EventType::PeerUp, EventType::PeerDown})
        types.set(static_cast<std::size_t>(type));
    return types;
}

/// The position of an event in the stream of this run of exapulsed.
struct EventPlace {
    std::uint64_t seq = 0;
    std::string_view boot;
};

[[nodiscard]] nlohmann::ordered_json json_of(const Event& event, const EventPlace& place);
/// The same as one line, without LF.
[[nodiscard]] std::string format_event(const Event& event, const EventPlace& place);

/// One line for the log and for systemd's STATUS=, such as "restarted: ExaBGP is a new process
/// ...".
[[nodiscard]] std::string describe_event(const Event& event);

}  // namespace exapulse
