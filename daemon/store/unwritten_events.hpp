// SPDX-License-Identifier: BSD-3-Clause
// UnwrittenEvents: those that wait for the disk, bounded. Pure.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>

#include "daemon/store/stored_event.hpp"

namespace exapulse {

/// Where there are too many the oldest are dropped, and one `gap` represents all of them.
class UnwrittenEvents {
  public:
    /// Keeps `most` of them, and the gap.
    void add(StoredEvent event, std::size_t most);
    void clear();

    [[nodiscard]] bool empty() const { return !gap_ && events_.empty(); }
    [[nodiscard]] std::size_t size() const { return events_.size(); }

    /// Oldest first, the gap before all others.
    template <class Visit>
    void each(Visit visit) const {
        if (gap_) visit(*gap_);
        for (const StoredEvent& event : events_) visit(event);
    }
    /// The same, and nothing is left.
    template <class Visit>
    void take_each(Visit visit) {
        if (gap_) visit(std::move(*gap_));
        for (StoredEvent& event : events_) visit(std::move(event));
        clear();
    }

  private:
    void drop(const StoredEvent& event);

    std::optional<StoredEvent> gap_;
    std::deque<StoredEvent> events_;
};

}  // namespace exapulse
