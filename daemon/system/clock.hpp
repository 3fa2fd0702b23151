// SPDX-License-Identifier: BSD-3-Clause
// now(): the one place where the clock is read for the pure parts.
#pragma once

#include <chrono>

#include "common/time.hpp"

namespace exapulse {

/// For what happens often: the wall clock costs as much again.
[[nodiscard]] inline TimePoint steady_now() {
    return std::chrono::steady_clock::now();
}

[[nodiscard]] inline Moment now() {
    return {std::chrono::steady_clock::now(), std::chrono::system_clock::now()};
}

}  // namespace exapulse
