// SPDX-License-Identifier: BSD-3-Clause
// Events for the tests of the store.
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "daemon/events/event.hpp"
#include "daemon/store/event_store.hpp"

namespace exapulse::test {

inline const WallTime start{std::chrono::hours(490'000)};

/// A moment so many seconds after the start.
inline Moment moment(int seconds) {
    return {TimePoint(std::chrono::hours(1)) + std::chrono::seconds(seconds),
            start + std::chrono::seconds(seconds)};
}

/// Number `seq` of the run `boot`, so many seconds after the start.
inline StoredEvent stored(const std::string& boot, std::uint64_t seq,
                          EventType type = EventType::Degraded, int seconds = -1) {
    Event event;
    event.type = type;
    event.state = type == EventType::Connected ? HealthState::Up : HealthState::Degraded;
    event.uuid = "u-" + boot;
    event.time = start + std::chrono::seconds(seconds < 0 ? static_cast<int>(seq) : seconds);
    return {{boot, seq}, type, event.time, event.uuid, format_event(event, {seq, boot}), 0};
}

/// What a page has, as "BOOT SEQ" or "gap BOOT SEQ".
inline std::vector<std::string> places(const std::string& lines) {
    std::vector<std::string> places;
    for (std::size_t at = 0; at < lines.size();) {
        const std::size_t end = lines.find('\n', at);
        const auto event = nlohmann::json::parse(lines.substr(at, end - at));
        places.push_back((event["type"] == "gap" ? "gap " : "") + event["boot"].get<std::string>() +
                         " " + std::to_string(event["seq"].get<std::uint64_t>()));
        at = end + 1;
    }
    return places;
}

constexpr std::size_t roomy = 1U << 20;

inline EventStore::Limits generous() {
    return {std::chrono::hours(24 * 90), 64U << 20, 1'000};
}

}  // namespace exapulse::test
