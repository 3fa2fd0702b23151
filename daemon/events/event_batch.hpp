// SPDX-License-Identifier: BSD-3-Clause
// EventBatch: the events of one loop turn, as text that all subscribers share. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "daemon/events/event.hpp"

namespace exapulse {

class EventBatch {
  public:
    /// `line` is event number `seq`, without LF.
    void add(EventType type, std::uint64_t seq, std::string_view line);
    void clear();
    [[nodiscard]] bool empty() const { return events_.empty(); }

    /// All lines of these types, in order, each followed by LF; valid until the next add() or
    /// clear().
    [[nodiscard]] std::string_view lines_of(const EventTypes& types);

    /// Calls `visit` with each of these lines, including its LF, and its number.
    template <class Visit>
    void each_of(const EventTypes& types, Visit visit) const {
        for (const One& event : events_)
            if (types.test(static_cast<std::size_t>(event.type))) visit(event.line, event.seq);
    }

  private:
    struct One {
        EventType type;
        std::uint64_t seq;
        std::string line;
    };
    std::vector<One> events_;
    std::unordered_map<EventTypes, std::string> joined_;
};

}  // namespace exapulse
