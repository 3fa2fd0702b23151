// SPDX-License-Identifier: BSD-3-Clause
// LogBudget: how many lines of a kind the log may take, and how many were left out. Pure.
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>

#include "common/time.hpp"

namespace exapulse {

/// `burst` lines at once, then one a second. What is left out is summed up every ten seconds.
class LogBudget {
  public:
    static constexpr int burst = 20;
    static constexpr std::chrono::seconds refill{1};
    static constexpr std::chrono::seconds between_sums{10};

    /// Whether one more line may be written; one that may not is counted.
    [[nodiscard]] bool take(TimePoint now) {
        // `spent_until_` is when the budget is whole again.
        const TimePoint after = std::max(spent_until_, now) + refill;
        if (after - now <= burst * refill) {
            spent_until_ = after;
            return true;
        }
        ++left_out_;
        return false;
    }

    /// How many lines were left out since the last sum; 0 where none is due.
    [[nodiscard]] std::uint64_t sum(TimePoint now) {
        if (left_out_ == 0 || now < next_sum_) return 0;
        next_sum_ = now + between_sums;
        return std::exchange(left_out_, 0);
    }

    /// Nothing has been written for so long that a new budget would be the same.
    [[nodiscard]] bool whole(TimePoint now) const { return left_out_ == 0 && spent_until_ <= now; }

  private:
    TimePoint spent_until_{};
    TimePoint next_sum_{};
    std::uint64_t left_out_ = 0;
};

}  // namespace exapulse
