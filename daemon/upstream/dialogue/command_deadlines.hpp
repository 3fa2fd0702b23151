// SPDX-License-Identifier: BSD-3-Clause
// CommandDeadlines: verdicts for commands that waited, or whose answers made no progress, for too
// long. Pure.
#pragma once

#include <optional>
#include <string_view>

#include "daemon/upstream/dialogue/answer_protocol.hpp"

namespace exapulse {

/// commands.hold is the limit for those in the queue while ExaBGP is unreachable, commands.deadline
/// for those in flight.
class CommandDeadlines {
  public:
    explicit CommandDeadlines(const DialogueParts& parts) : parts_(parts) {}

    /// Ends the commands in the queue that are beyond their limit. ExaBGP is not in step since
    /// `away_since`, because of `why`.
    void expire_waiting(TimePoint away_since, std::string_view why, TimePoint now) const;
    [[nodiscard]] std::optional<TimePoint> next_expiry(TimePoint away_since) const;

    /// When a command in flight reaches its limit next.
    [[nodiscard]] std::optional<TimePoint> next() const;
    /// At next() or later: ends those beyond it. The step is lost unless others may still be
    /// answered in time.
    [[nodiscard]] Step miss(TimePoint now) const;

  private:
    [[nodiscard]] const InFlight::Entry* first_unjudged() const;
    [[nodiscard]] TimePoint deadline_of(const InFlight::Entry& entry) const;

    DialogueParts parts_;
};

}  // namespace exapulse
