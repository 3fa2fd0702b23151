// SPDX-License-Identifier: BSD-3-Clause
// LogBudget: limits the rate of log lines of one kind, and counts those left out. Pure.
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>

#include "common/time.hpp"

namespace exapulse {

/// Allows `burst` lines at once, then one per second. The number left out is reported every 10 s.
class LogBudget {
  public:
    static constexpr int burst = 20;
    static constexpr std::chrono::seconds refill{1};
    static constexpr std::chrono::seconds between_sums{10};

    /// Whether one more line may be written; one that may not is counted.
    [[nodiscard]] bool take(TimePoint now) {
        // `spent_until_` is when the budget is full again.
        const TimePoint after = std::max(spent_until_, now) + refill;
        if (after - now <= burst * refill) {
            spent_until_ = after;
            return true;
        }
        ++left_out_;
        return false;
    }

    /// How many lines were left out since the last sum; 0 if no sum is due.
    [[nodiscard]] std::uint64_t sum(TimePoint now) {
        if (left_out_ == 0 || now < next_sum_) return 0;
        next_sum_ = now + between_sums;
        return std::exchange(left_out_, 0);
    }

    /// Whether it equals a new budget, since nothing has been written for long enough.
    [[nodiscard]] bool whole(TimePoint now) const { return left_out_ == 0 && spent_until_ <= now; }

  private:
    TimePoint spent_until_{};
    TimePoint next_sum_{};
    std::uint64_t left_out_ = 0;
};

}  // namespace exapulse
