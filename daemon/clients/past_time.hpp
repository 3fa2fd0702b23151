// SPDX-License-Identifier: BSD-3-Clause
// past_time(): the times that verbs about the past take. Pure.
#pragma once

#include <algorithm>
#include <chrono>
#include <optional>
#include <string_view>

#include "common/time.hpp"
#include "common/units.hpp"

namespace exapulse {

/// Beyond it a time before now can't be shown on the wall clock.
inline constexpr std::chrono::hours longest_past{24 * 365 * 50};

/// "24h" before `now`, or a time of RFC 3339; nullopt: neither.
[[nodiscard]] inline std::optional<WallTime> past_time(std::string_view text, WallTime now) {
    if (const auto before = parse_duration(text))
        return now - std::min(*before, Milliseconds(longest_past));
    return parse_zoned_time(text);
}

}  // namespace exapulse
