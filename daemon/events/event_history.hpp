// SPDX-License-Identifier: BSD-3-Clause
// EventHistory: keeps the events sent to subscribers, for later queries. Pure.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "daemon/events/event.hpp"
#include "daemon/events/history_start.hpp"

namespace exapulse {

/// A bounded number of the newest events since exapulsed started. Of those dropped, ExaBGP's state
/// before the oldest event left is kept.
class EventHistory {
  public:
    /// `start`: the time from which it is complete, before ExaBGP was reached.
    explicit EventHistory(WallTime start) : begin_{start, HealthState::Connecting, {}, 0} {}

    /// `line` as subscribers got it; events are numbered from 1. Keeps at most `most` events.
    void append(const Event& event, std::string line, std::size_t most);

    /// Its `after.boot` is empty.
    struct Excerpt : HistoryStart {
        std::vector<std::string> lines;  ///< oldest first
    };
    /// Events of `types` since `since` (nullopt: all events), the newest of them that fit into
    /// `bytes`.
    [[nodiscard]] Excerpt excerpt(std::optional<WallTime> since, const EventTypes& types,
                                  std::size_t bytes) const;
    /// The same, those after number `seq`.
    [[nodiscard]] Excerpt excerpt_after(std::uint64_t seq, const EventTypes& types,
                                        std::size_t bytes) const;

    [[nodiscard]] std::size_t size() const { return events_.size(); }

  private:
    struct Mark {
        WallTime time{};
        HealthState state = HealthState::Connecting;
        std::string uuid;
        std::uint64_t seq = 0;
    };
    struct Kept {
        Mark after;  // ExaBGP's state after this event
        EventType type;
        std::string line;
    };

    using Events = std::deque<Kept>;

    [[nodiscard]] Excerpt excerpt_from(Events::const_iterator first, const EventTypes& types,
                                       std::size_t bytes) const;

    Mark begin_;
    std::uint64_t seq_ = 0;  // of the newest event
    Events events_;
};

}  // namespace exapulse
