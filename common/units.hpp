// SPDX-License-Identifier: BSD-3-Clause
// Units: durations and sizes as people write them ("10s", "8MiB"), counted nouns, and RFC 3339
// times. Pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace exapulse {

/// "500ms", "10s", "5m", "2h", "30d"; a unit is required, a fraction is not accepted.
[[nodiscard]] std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

/// The shortest exact spelling for parse_duration(): "1500ms", "10s", "2h".
[[nodiscard]] std::string format_duration(std::chrono::milliseconds duration);

/// For people, rounded: "340ms", "12s", "3m 20s", "5h 2m", "3d 4h".
[[nodiscard]] std::string describe_duration(std::chrono::milliseconds duration);

/// "4096", "256KiB", "8MiB", "1GiB": bytes.
[[nodiscard]] std::optional<std::uint64_t> parse_size(std::string_view text);

/// The shortest exact spelling for parse_size(): "8MiB", "1000".
[[nodiscard]] std::string format_size(std::uint64_t bytes);

/// "2026-11-23T20:36:00.123456Z"
[[nodiscard]] std::string format_time(std::chrono::system_clock::time_point time);

/// Parses the output of format_time(); nullopt for anything else.
[[nodiscard]] std::optional<std::chrono::system_clock::time_point> parse_time(
    std::string_view text);

/// Any RFC 3339 time from 1970 to 2199, which includes its zone: "2026-11-23T20:36:00Z",
/// "2026-11-23T21:36:00.5+01:00".
[[nodiscard]] std::optional<std::chrono::system_clock::time_point> parse_zoned_time(
    std::string_view text);

/// "1 command", "3 commands"
[[nodiscard]] std::string counted(std::uint64_t number, std::string_view noun);

}  // namespace exapulse
