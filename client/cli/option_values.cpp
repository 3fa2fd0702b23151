// SPDX-License-Identifier: BSD-3-Clause
#include "client/cli/option_values.hpp"

#include <charconv>
#include <cmath>
#include <system_error>

#include "client/cli/past_time.hpp"
#include "common/nearest.hpp"
#include "common/units.hpp"

namespace exapulse::client {

using std::chrono::milliseconds;

namespace {

// Far beyond any wait that makes sense, and far from what a steady clock's arithmetic can't hold.
constexpr milliseconds longest_time = std::chrono::hours(24 * 365 * 10);

}  // namespace

std::string suggestion(std::string_view typed, std::span<const std::string_view> known) {
    const std::string_view name = nearest(typed, known);
    return name.empty() ? "" : fmt::format("; did you mean {}?", name);
}

std::string choices(std::string_view typed, std::span<const std::string_view> known) {
    const std::string near = suggestion(typed, known);
    return near.empty() ? fmt::format("; valid: {}", fmt::join(known, ", ")) : near;
}

std::optional<milliseconds> time_in(const std::string& text) {
    if (const auto time = parse_duration(text)) return time;
    double seconds = 0;
    const auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), seconds, std::chars_format::fixed);
    const bool whole = error == std::errc{} && end == text.data() + text.size();
    // NaN is below nothing; the bound keeps the conversion defined.
    if (!whole || !(seconds >= 0 && seconds < 1e12)) return std::nullopt;
    return milliseconds(std::llround(seconds * 1000));
}

milliseconds time_of(std::string_view option, const std::string& text) {
    const auto time = time_in(text);
    if (!time) refuse("{}: {} is not a time such as 500ms, 30s or 5m", option, text);
    if (*time < milliseconds(1) || *time > longest_time)
        refuse("{}: {} is not between 1ms and {}", option, text, format_duration(longest_time));
    return *time;
}

std::chrono::system_clock::time_point since_of(std::string_view option, const std::string& text) {
    const auto now = std::chrono::system_clock::now();
    if (time_in(text)) return now - time_of(option, text);
    const auto since = parse_past_time(text, now);
    if (!since)
        refuse(
            "{}: {} is neither a time before now such as 90m or 24h, nor one such as "
            "10:00, 2026-11-26, \"2026-11-26 10:00\" or 2026-11-26T10:00:00Z",
            option, text);
    if (*since > now) refuse("{}: {} is still to come", option, text);
    return *since;
}

std::uint64_t number_of(std::string_view what, const std::string& text, std::string_view of_what) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size() || number == 0)
        refuse("{}: {} is not {}, 1 or more", what, text, of_what);
    return number;
}

}  // namespace exapulse::client
