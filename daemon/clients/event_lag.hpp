// SPDX-License-Identifier: BSD-3-Clause
// EventLag: the events that a subscriber lost because it did not read. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "daemon/events/event.hpp"

namespace exapulse {

class EventLag {
  public:
    /// Event number `seq` was dropped.
    void add(std::uint64_t seq) {
        ++unreported_;
        ++in_all_;
        last_seq_ = seq;
    }
    /// Whether events were dropped since the last report().
    [[nodiscard]] bool any() const { return unreported_ > 0; }
    /// Events dropped since the client subscribed.
    [[nodiscard]] std::uint64_t in_all() const { return in_all_; }
    /// The line, without LF, that reports what was dropped: `lagged` is the event for the current
    /// state.
    [[nodiscard]] std::string report(Event lagged, std::string_view boot) {
        lagged.dropped = std::exchange(unreported_, 0);
        return format_event(lagged, {last_seq_, boot});
    }

  private:
    std::uint64_t unreported_ = 0;
    std::uint64_t last_seq_ = 0;
    std::uint64_t in_all_ = 0;
};

}  // namespace exapulse
