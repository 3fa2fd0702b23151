// SPDX-License-Identifier: BSD-3-Clause
// A time as the tables keep it: microseconds since 1970. Pure.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "common/time.hpp"

namespace exapulse {

[[nodiscard]] inline std::int64_t stored_time(WallTime time) {
    return std::chrono::duration_cast<std::chrono::microseconds>(time.time_since_epoch()).count();
}

/// A damaged file may have any number: those before 1970 and after 2199 become the nearest time
/// between, so that the difference of two can be counted.
[[nodiscard]] inline WallTime time_stored(std::int64_t number) {
    constexpr std::chrono::microseconds last =
        std::chrono::sys_days{std::chrono::year{2200} / 1 / 1}.time_since_epoch() -
        std::chrono::microseconds(1);
    return WallTime(std::chrono::microseconds(std::clamp<std::int64_t>(number, 0, last.count())));
}

}  // namespace exapulse
