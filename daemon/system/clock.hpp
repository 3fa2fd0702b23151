// SPDX-License-Identifier: BSD-3-Clause
// now(): the one place where the clock is read for the pure parts.
#pragma once

#include <chrono>

#include "common/time.hpp"

namespace exapulse {

[[nodiscard]] inline Moment now() {
    return {std::chrono::steady_clock::now(), std::chrono::system_clock::now()};
}

}  // namespace exapulse
