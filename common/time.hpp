// SPDX-License-Identifier: BSD-3-Clause
// Time as the pure parts use it: passed in, never read from a clock.
#pragma once

#include <chrono>

namespace exapulse {

using Milliseconds = std::chrono::milliseconds;
using TimePoint = std::chrono::steady_clock::time_point;
using WallTime = std::chrono::system_clock::time_point;

/// One instant on both clocks: `steady` for durations, `wall` only for display.
struct Moment {
    TimePoint steady;
    WallTime wall;
};

[[nodiscard]] inline Milliseconds elapsed(TimePoint from, TimePoint to) {
    return std::chrono::duration_cast<Milliseconds>(to - from);
}

}  // namespace exapulse
