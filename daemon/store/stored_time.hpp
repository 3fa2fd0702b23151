// SPDX-License-Identifier: BSD-3-Clause
// A time as the tables keep it: microseconds since 1970. Pure.
#pragma once

#include <chrono>
#include <cstdint>

#include "common/time.hpp"

namespace exapulse {

[[nodiscard]] inline std::int64_t stored_time(WallTime time) {
    return std::chrono::duration_cast<std::chrono::microseconds>(time.time_since_epoch()).count();
}

[[nodiscard]] inline WallTime time_stored(std::int64_t number) {
    return WallTime(std::chrono::microseconds(number));
}

}  // namespace exapulse
