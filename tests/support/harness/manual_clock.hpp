// SPDX-License-Identifier: BSD-3-Clause
// ManualClock: simulated time for the pure parts.
#pragma once

#include "common/time.hpp"

namespace exapulse::test {

class ManualClock {
  public:
    [[nodiscard]] Moment now() const { return now_; }
    [[nodiscard]] TimePoint steady() const { return now_.steady; }
    void advance(Milliseconds by) {
        now_.steady += by;
        now_.wall += by;
    }

  private:
    // Far from the epoch, so that a default-constructed time is visibly not "now".
    Moment now_{TimePoint(std::chrono::hours(1'000)),
                WallTime(std::chrono::seconds(1'700'000'000))};
};

}  // namespace exapulse::test
