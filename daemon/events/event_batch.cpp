// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/events/event_batch.hpp"

#include <cassert>

namespace exapulse {

void EventBatch::add(EventType type, std::uint64_t seq, std::string_view line) {
    assert(events_.empty() || events_.back().seq <= seq);
    joined_.clear();
    events_.push_back({type, seq, std::string(line) + '\n'});
}

void EventBatch::clear() {
    events_.clear();
    joined_.clear();
}

std::string_view EventBatch::lines_of(const EventTypes& types) {
    const auto [entry, is_new] = joined_.try_emplace(types);
    std::string& lines = entry->second;
    if (is_new) each_of(types, [&](const std::string& line, std::uint64_t) { lines += line; });
    return lines;
}

}  // namespace exapulse
