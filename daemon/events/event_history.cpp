// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/events/event_history.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace exapulse {

void EventHistory::append(const Event& event, std::string line, std::size_t most) {
    assert(event.type != EventType::Peers);
    events_.push_back({{event.time, event.state, event.uuid, ++seq_}, event.type, std::move(line)});
    while (events_.size() > most) {
        begin_ = std::move(events_.front().after);
        events_.pop_front();
    }
}

EventHistory::Excerpt EventHistory::excerpt(std::optional<WallTime> since, const EventTypes& types,
                                            std::size_t bytes) const {
    const auto first = std::find_if(events_.begin(), events_.end(), [&](const Kept& kept) {
        return !since || kept.after.time >= *since;
    });
    Excerpt excerpt = excerpt_from(first, types, bytes);
    excerpt.complete = excerpt.complete && (!since || *since >= begin_.time);
    if (excerpt.complete && since) excerpt.from = *since;
    return excerpt;
}

EventHistory::Excerpt EventHistory::excerpt_after(std::uint64_t seq, const EventTypes& types,
                                                  std::size_t bytes) const {
    const auto first = std::find_if(events_.begin(), events_.end(),
                                    [&](const Kept& kept) { return kept.after.seq > seq; });
    Excerpt excerpt = excerpt_from(first, types, bytes);
    excerpt.complete = excerpt.complete && seq >= begin_.seq;
    return excerpt;
}

/// `complete` if all of them fit.
EventHistory::Excerpt EventHistory::excerpt_from(Events::const_iterator first,
                                                 const EventTypes& types, std::size_t bytes) const {
    std::size_t taken = 0;
    auto oldest = events_.end();
    const auto wanted = [&](const Kept& kept) {
        return types.test(static_cast<std::size_t>(kept.type));
    };
    while (oldest != first) {
        const Kept& next = *std::prev(oldest);
        if (wanted(next)) taken += next.line.size() + 1;
        if (taken > bytes) break;
        --oldest;
    }

    const Mark& before = oldest == events_.begin() ? begin_ : std::prev(oldest)->after;
    Excerpt excerpt;
    excerpt.complete = oldest == first;
    excerpt.from = before.time;
    excerpt.state = before.state;
    excerpt.uuid = before.uuid;
    excerpt.after.seq = before.seq;
    for (; oldest != events_.end(); ++oldest)
        if (wanted(*oldest)) excerpt.lines.push_back(oldest->line);
    return excerpt;
}

}  // namespace exapulse
