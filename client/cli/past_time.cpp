// SPDX-License-Identifier: BSD-3-Clause
#include "client/cli/past_time.hpp"

#include <algorithm>
#include <array>
#include <ctime>

#include "common/units.hpp"

namespace exapulse::client {

namespace {

using Time = std::chrono::system_clock::time_point;

/// `at` of a day, with the parts that one of `formats` reads; nullopt where none reads all.
template <std::size_t N>
std::optional<std::tm> read(const std::string& text, const std::tm& at,
                            const std::array<const char*, N>& formats) {
    for (const char* format : formats) {
        std::tm read = at;
        const char* end = strptime(text.c_str(), format, &read);
        if (end != nullptr && *end == '\0') return read;
    }
    return std::nullopt;
}

/// Makes `at` a date that is one. Whether it is summer time is left to the zone.
Time local(std::tm& at) {
    at.tm_isdst = -1;
    return std::chrono::system_clock::from_time_t(std::mktime(&at));
}

}  // namespace

std::optional<Time> parse_past_time(std::string text, Time now) {
    if (const auto zoned = parse_zoned_time(text)) return zoned;
    if (text.find('-') != std::string::npos) {
        std::replace(text.begin(), text.end(), 'T', ' ');
        constexpr std::array formats{"%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"};
        auto at = read(text, std::tm{}, formats);
        if (!at || at->tm_year < 70 || at->tm_year >= 300) return std::nullopt;  // as zoned ones
        const int day = at->tm_mday;
        const Time time = local(*at);
        return at->tm_mday == day ? std::optional(time) : std::nullopt;  // not for 02-30
    }
    const std::time_t seconds = std::chrono::system_clock::to_time_t(now);
    std::tm today{};
    localtime_r(&seconds, &today);
    today.tm_hour = today.tm_min = today.tm_sec = 0;
    constexpr std::array formats{"%H:%M", "%H:%M:%S"};
    auto at = read(text, today, formats);
    if (!at) return std::nullopt;
    const Time time = local(*at);
    if (time <= now) return time;
    --at->tm_mday;
    return local(*at);
}

}  // namespace exapulse::client
