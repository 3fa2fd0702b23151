// SPDX-License-Identifier: BSD-3-Clause
#include "common/units.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>
#include <limits>

#include <fmt/format.h>

namespace exapulse {

namespace {

/// Those that parse_zoned_time() takes: 1970 to 2199.
constexpr std::chrono::system_clock::time_point first_time{};
constexpr std::chrono::system_clock::time_point end_of_times{
    std::chrono::sys_days{std::chrono::year{2200} / 1 / 1}};

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
        // The result must fit into 64 bits with a sign, as durations have one.
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
    const auto whole = std::chrono::floor<std::chrono::seconds>(time);
    const auto us = std::chrono::floor<std::chrono::microseconds>(time - whole).count();
    const std::time_t seconds = std::chrono::system_clock::to_time_t(whole);
    std::tm utc{};
    gmtime_r(&seconds, &utc);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z", utc.tm_year + 1900,
                       utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec, us);
}

std::optional<std::chrono::system_clock::time_point> parse_time(std::string_view text) {
    const auto time = parse_zoned_time(text);
    return time && format_time(*time) == text ? time : std::nullopt;
}

std::optional<std::chrono::system_clock::time_point> parse_zoned_time(std::string_view text) {
    constexpr std::string_view digits = "0123456789";
    const std::string copy(text);
    std::tm utc{};
    const char* end = strptime(copy.c_str(), "%Y-%m-%dT%H:%M:%S", &utc);
    if (end == nullptr || utc.tm_year < 70 || utc.tm_year >= 300) return std::nullopt;
    std::string_view rest(end);
    std::chrono::microseconds fraction{};
    if (rest.starts_with('.')) {
        const std::size_t size = std::min(rest.find_first_not_of(digits, 1), rest.size()) - 1;
        const std::string six = (std::string(rest.substr(1, size)) + "000000").substr(0, 6);
        if (size == 0) return std::nullopt;
        fraction = std::chrono::microseconds(std::stol(six));
        rest.remove_prefix(size + 1);
    }
    std::chrono::minutes offset{};
    if (rest != "Z") {
        const auto number = [&](std::size_t at) {
            return (rest[at] - '0') * 10 + rest[at + 1] - '0';
        };
        const bool formed = rest.size() == 6 && (rest[0] == '+' || rest[0] == '-') &&
                            rest[3] == ':' && rest.find_first_not_of(digits, 4) == rest.npos &&
                            rest.substr(1, 2).find_first_not_of(digits) == rest.npos;
        if (!formed || number(1) > 23 || number(4) > 59) return std::nullopt;
        offset = std::chrono::minutes(number(1) * 60 + number(4));
        if (rest[0] == '-') offset = -offset;
    }
    const std::tm said = utc;
    const auto time = std::chrono::system_clock::from_time_t(timegm(&utc)) + fraction - offset;
    const bool is_day = utc.tm_mday == said.tm_mday || said.tm_sec > 59;  // not 02-30
    return is_day && time >= first_time && time < end_of_times ? std::optional(time) : std::nullopt;
}

std::string counted(std::uint64_t number, std::string_view noun) {
    return fmt::format("{} {}{}", number, noun, number == 1 ? "" : "s");
}

}  // namespace exapulse
