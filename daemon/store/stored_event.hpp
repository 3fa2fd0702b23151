// SPDX-License-Identifier: BSD-3-Clause
// StoredEvent: an event as it is kept for those who ask later. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "daemon/events/event.hpp"
#include "daemon/events/history_start.hpp"

namespace exapulse {

struct StoredEvent {
    EventPosition at{};
    EventType type = EventType::State;
    WallTime time{};
    std::string uuid{};
    std::string line{};         ///< as subscribers got it, without LF
    std::uint64_t dropped = 0;  ///< of a `gap`: events up to `at` that could not be kept
};

/// Selects events.
struct EventFilter {
    // NOLINTNEXTLINE(google-explicit-constructor): types alone are one
    EventFilter(const EventTypes& wanted_types, std::string wanted_peer = {})
        : types(wanted_types), peer(std::move(wanted_peer)) {}

    EventTypes types;
    std::string peer;  ///< an address: only what is about that peer; empty: about any

    /// A part of every line about that peer.
    [[nodiscard]] std::string mark() const { return "\"address\":\"" + peer + "\""; }
    /// Every query gets gaps.
    [[nodiscard]] bool fits(EventType type, std::string_view line) const {
        if (type == EventType::Gap) return true;
        return types.test(static_cast<std::size_t>(type)) && about_peer(line);
    }
    [[nodiscard]] bool about_peer(std::string_view line) const {
        return peer.empty() || line.find(mark()) != std::string_view::npos;
    }
};

/// Some of the events after a position, oldest first.
struct EventPage {
    std::string lines{};   ///< with an LF after each
    EventPosition last{};  ///< the next page begins after it
    bool end = false;      ///< there are no more now
};

}  // namespace exapulse
