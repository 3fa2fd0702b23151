// SPDX-License-Identifier: BSD-3-Clause
// A time in the past as people write it, of --since.
#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace exapulse::client {

/// "2026-11-26", "2026-11-26 10:00", "2026-11-26T10:00:30": in the local time zone;
/// "2026-11-26T10:00:00Z", "2026-11-26T10:00:00+01:00": in that of the text. "10:00" and "10:00:30"
/// are the last time it was so late before `now`. nullopt: none of these.
[[nodiscard]] std::optional<std::chrono::system_clock::time_point> parse_past_time(
    std::string text, std::chrono::system_clock::time_point now);

}  // namespace exapulse::client
