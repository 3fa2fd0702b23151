// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/store/unwritten_events.hpp"

#include <algorithm>
#include <utility>

namespace exapulse {

void UnwrittenEvents::add(StoredEvent event, std::size_t most) {
    if (event.type == EventType::Gap && events_.empty())
        drop(event);
    else
        events_.push_back(std::move(event));
    while (events_.size() > most) {
        drop(events_.front());
        events_.pop_front();
    }
}

void UnwrittenEvents::drop(const StoredEvent& event) {
    HistoryStart start;
    set_start_after(event.line, start);
    start.from = event.time;
    const std::uint64_t dropped =
        (gap_ ? gap_->dropped : 0) + std::max<std::uint64_t>(event.dropped, 1);
    gap_ = StoredEvent{event.at, EventType::Gap, event.time, event.uuid, format_gap(start, dropped),
                       dropped};
}

void UnwrittenEvents::clear() {
    gap_.reset();
    events_.clear();
}

}  // namespace exapulse
