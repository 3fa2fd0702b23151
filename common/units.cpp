// SPDX-License-Identifier: BSD-3-Clause
#include "common/units.hpp"

#include <array>
#include <charconv>
#include <ctime>
#include <limits>

#include <fmt/format.h>

namespace exapulse {

namespace {

struct Unit {
    std::string_view name;
    std::uint64_t factor;
};

constexpr std::array duration_units{Unit{"d", 86'400'000}, Unit{"h", 3'600'000}, Unit{"m", 60'000},
                                    Unit{"s", 1'000}, Unit{"ms", 1}};
constexpr std::array size_units{Unit{"GiB", 1U << 30}, Unit{"MiB", 1U << 20}, Unit{"KiB", 1U << 10},
                                Unit{"", 1}};

template <std::size_t N>
std::optional<std::uint64_t> parse(std::string_view text, const std::array<Unit, N>& units) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{}) return std::nullopt;
    const std::string_view name = text.substr(static_cast<std::size_t>(end - text.data()));
    for (const Unit& unit : units) {
        if (unit.name != name) continue;
        // Signed 64 bit must hold the result: durations are signed.
        if (number > std::numeric_limits<std::int64_t>::max() / unit.factor) return std::nullopt;
        return number * unit.factor;
    }
    return std::nullopt;
}

template <std::size_t N>
std::string format(std::uint64_t value, const std::array<Unit, N>& units) {
    for (const Unit& unit : units)
        if (value % unit.factor == 0 && (value != 0 || unit.factor == 1))
            return fmt::format("{}{}", value / unit.factor, unit.name);
    return {};
}

}  // namespace

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
    const auto value = parse(text, duration_units);
    if (!value) return std::nullopt;
    return std::chrono::milliseconds(static_cast<std::int64_t>(*value));
}

std::string format_duration(std::chrono::milliseconds duration) {
    return format(static_cast<std::uint64_t>(duration.count()), duration_units);
}

std::string describe_duration(std::chrono::milliseconds duration) {
    const auto ms = duration.count();
    const auto s = ms / 1000;
    if (ms < 1000) return fmt::format("{}ms", ms);
    if (ms < 10'000) return fmt::format("{:.1f}s", static_cast<double>(ms) / 1000);
    if (s < 60) return fmt::format("{}s", s);
    if (s < 3600) return fmt::format("{}m {}s", s / 60, s % 60);
    if (s < 86'400) return fmt::format("{}h {}m", s / 3600, s % 3600 / 60);
    return fmt::format("{}d {}h", s / 86'400, s % 86'400 / 3600);
}

std::optional<std::uint64_t> parse_size(std::string_view text) {
    return parse(text, size_units);
}

std::string format_size(std::uint64_t bytes) {
    return format(bytes, size_units);
}

std::string format_time(std::chrono::system_clock::time_point time) {
    const auto us =
        std::chrono::duration_cast<std::chrono::microseconds>(time.time_since_epoch()).count();
    const std::time_t seconds = us / 1'000'000;
    std::tm utc{};
    gmtime_r(&seconds, &utc);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z", utc.tm_year + 1900,
                       utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec,
                       us % 1'000'000);
}

std::optional<std::chrono::system_clock::time_point> parse_time(std::string_view text) {
    const std::string copy(text);
    std::tm utc{};
    const char* rest = strptime(copy.c_str(), "%Y-%m-%dT%H:%M:%S", &utc);
    if (rest == nullptr || std::string_view(rest).size() != 8 || rest[0] != '.' || rest[7] != 'Z')
        return std::nullopt;
    unsigned us = 0;
    const auto [end, error] = std::from_chars(rest + 1, rest + 7, us);
    if (error != std::errc{} || end != rest + 7) return std::nullopt;
    return std::chrono::system_clock::from_time_t(timegm(&utc)) + std::chrono::microseconds(us);
}

}  // namespace exapulse
