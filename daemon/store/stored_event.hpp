// SPDX-License-Identifier: BSD-3-Clause
// StoredEvent: an event as it is kept for those who ask later. Pure.
#pragma once

#include <cstdint>
#include <string>

#include "daemon/events/event.hpp"
#include "daemon/events/history_start.hpp"

namespace exapulse {

struct StoredEvent {
    EventPosition at{};
    EventType type = EventType::State;
    WallTime time{};
    std::string uuid{};
    std::string line{};         ///< as subscribers got it, without LF
    std::uint64_t dropped = 0;  ///< `gap`: so many events that can't be kept, up to `at`
};

/// Some of the events behind a position, oldest first.
struct EventPage {
    std::string lines{};   ///< with an LF behind each
    EventPosition last{};  ///< the next page begins behind it
    bool end = false;      ///< there are no more now
};

}  // namespace exapulse
