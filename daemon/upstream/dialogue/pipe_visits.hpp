// SPDX-License-Identifier: BSD-3-Clause
// PipeVisits: whether answers to another program may come among ours. Pure.
#pragma once

#include <optional>

#include "common/time.hpp"
#include "daemon/health/contention.hpp"

namespace exapulse {

/// Another program that writes into ExaBGP's pipes is answered onto the same one as exapulsed. One
/// that has written once is expected to come back, for as long as a Contention lasts.
class PipeVisits {
  public:
    static constexpr Milliseconds lasts = Contention::lasts;

    void on_write(TimePoint now) {
        last_ = now;
        answers_due_ = true;
    }
    /// Call at next_tick() or later.
    void on_tick(TimePoint now) {
        if (last_ && now - *last_ >= lasts) last_.reset();
    }
    [[nodiscard]] std::optional<TimePoint> next_tick() const {
        if (!last_) return std::nullopt;
        return *last_ + lasts;
    }

    /// All that was written before has been answered.
    void on_swept() { answers_due_ = false; }

    /// Another program has written, within `lasts`.
    [[nodiscard]] bool recent() const { return last_.has_value(); }
    /// What it wrote may still be answered.
    [[nodiscard]] bool answers_due() const { return answers_due_; }

  private:
    std::optional<TimePoint> last_;
    bool answers_due_ = false;
};

}  // namespace exapulse
