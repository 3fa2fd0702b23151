// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/events/event_history.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include <nlohmann/json.hpp>

#include "common/json.hpp"
#include "common/units.hpp"

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
    Mark before = begin_;
    auto first = events_.begin();
    for (; since && first != events_.end() && first->after.time < *since; ++first)
        before = first->after;

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

    Excerpt excerpt;
    const bool cut = oldest != first;
    if (cut) before = std::prev(oldest)->after;
    excerpt.complete = !cut && (!since || *since >= begin_.time);
    excerpt.from = excerpt.complete && since ? *since : before.time;
    excerpt.state = before.state;
    excerpt.uuid = before.uuid;
    excerpt.seq = before.seq;
    for (; oldest != events_.end(); ++oldest)
        if (wanted(*oldest)) excerpt.lines.push_back(oldest->line);
    return excerpt;
}

std::string format_excerpt(const EventHistory::Excerpt& excerpt, WallTime now) {
    using nlohmann::ordered_json;
    return json_text(ordered_json{
        {"from", format_time(excerpt.from)},
        {"now", format_time(now)},
        {"state", name_of(excerpt.state)},
        {"uuid", excerpt.uuid.empty() ? ordered_json(nullptr) : ordered_json(excerpt.uuid)},
        {"seq", excerpt.seq},
        {"complete", excerpt.complete}});
}

}  // namespace exapulse
