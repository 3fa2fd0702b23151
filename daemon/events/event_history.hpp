// SPDX-License-Identifier: BSD-3-Clause
// EventHistory: what subscribers have been told, kept for those who ask later. Pure.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "daemon/events/event.hpp"

namespace exapulse {

/// The newest events, bounded; it begins with exapulsed. Enough is kept of what was dropped to say
/// how ExaBGP was when the oldest event that is left happened.
class EventHistory {
  public:
    /// `start`: from when on it is complete; ExaBGP was not reached yet.
    explicit EventHistory(WallTime start) : begin_{start, HealthState::Connecting, {}, 0} {}

    /// `line` as subscribers got it; events are numbered from 1. Keeps `most` events at the most.
    void append(const Event& event, std::string line, std::size_t most);

    struct Excerpt {
        WallTime from{};                              ///< nothing since then is missing
        HealthState state = HealthState::Connecting;  ///< at `from`
        std::string uuid;                             ///< at `from`; empty: none known
        std::uint64_t seq = 0;                        ///< of the last event before; 0: none was
        bool complete = true;                         ///< it reaches as far back as was asked
        std::vector<std::string> lines;               ///< oldest first
    };
    /// Events of `types` since `since` (nullopt: all there are), the newest of them that fit
    /// `bytes`.
    [[nodiscard]] Excerpt excerpt(std::optional<WallTime> since, const EventTypes& types,
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
        Mark after;  // as ExaBGP was with this event
        EventType type;
        std::string line;
    };

    Mark begin_;
    std::uint64_t seq_ = 0;  // of the newest event
    std::deque<Kept> events_;
};

/// The first line of the answer to `sidecar history`, without LF.
[[nodiscard]] std::string format_excerpt(const EventHistory::Excerpt& excerpt, WallTime now);

}  // namespace exapulse
