// SPDX-License-Identifier: BSD-3-Clause
// SlowReader: how long a client that does not read its answer may hold ExaBGP's channel. Pure.
#pragma once

#include <algorithm>
#include <cassert>
#include <chrono>
#include <optional>

#include "common/time.hpp"
#include "daemon/commands/command.hpp"

namespace exapulse {

/// While it holds, exapulsed reads nothing from ExaBGP: the answer waits in the kernel and in
/// ExaBGP, and so does everything after it. So each hold is limited, and for one answer the time
/// during which commands of others wait is limited in total.
class SlowReader {
  public:
    /// `limit`: limits.slow_reader.
    explicit SlowReader(Milliseconds limit) : limit_(limit) {}
    void set_limit(Milliseconds limit) { limit_ = limit; }
    [[nodiscard]] Milliseconds limit() const { return limit_; }

    [[nodiscard]] bool holds() const { return since_.has_value(); }
    /// The client has no room for more of the answer to `command`. Only while it does not hold.
    void hold(CommandId command, TimePoint now) {
        assert(!holds());
        if (command != command_) spent_ = TimePoint::duration::zero();
        command_ = command;
        since_ = now;
    }
    /// The client has room again, or the answer is not awaited any more.
    void release(TimePoint now) {
        set_others_wait(false, now);
        since_.reset();
    }
    /// Whether commands of others wait while it holds.
    void set_others_wait(bool wait, TimePoint now) {
        if (wait == others_wait()) return;
        if (wait) {
            others_since_ = now;
        } else {
            spent_ += now - *others_since_;
            others_since_.reset();
        }
    }
    [[nodiscard]] bool others_wait() const { return others_since_.has_value(); }

    /// When the rest of the answer is to be dropped; nullopt while it does not hold.
    [[nodiscard]] std::optional<TimePoint> due() const {
        if (!since_) return std::nullopt;
        const TimePoint due = *since_ + limit_;
        return others_since_ ? std::min(due, *others_since_ + limit_ - spent_) : due;
    }

  private:
    Milliseconds limit_;
    CommandId command_ = 0;           // whose answer it is, or was last
    TimePoint::duration spent_{};     // that others have waited for it
    std::optional<TimePoint> since_;  // when this hold began
    std::optional<TimePoint> others_since_;
};

}  // namespace exapulse
