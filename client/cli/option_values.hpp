// SPDX-License-Identifier: BSD-3-Clause
// The values of options: times and numbers, and what is said of those that are none. Pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "client/cli/option_parser.hpp"

namespace exapulse::client {

template <typename... Parts>
[[noreturn]] void refuse(fmt::format_string<Parts...> format, Parts&&... parts) {
    throw WrongUsage(fmt::format(format, std::forward<Parts>(parts)...));
}

/// "; did you mean ...?", or nothing where none of `known` is near.
[[nodiscard]] std::string suggestion(std::string_view typed,
                                     std::span<const std::string_view> known);

/// The same, or all there are where none is near.
[[nodiscard]] std::string choices(std::string_view typed, std::span<const std::string_view> known);

/// Without a unit it is seconds, as for sleep(1) and the monitoring plugins: "10", "0.5".
[[nodiscard]] std::optional<std::chrono::milliseconds> time_in(const std::string& text);

/// `text`, the value of `option`. Throws WrongUsage.
[[nodiscard]] std::chrono::milliseconds time_of(std::string_view option, const std::string& text);

/// `text`, the value of `option`: a time in the past, or one so long before now. Throws WrongUsage.
[[nodiscard]] std::chrono::system_clock::time_point since_of(std::string_view option,
                                                             const std::string& text);

/// `text` as a number, 1 or more: of `what`, which is to be `of_what`. Throws WrongUsage.
[[nodiscard]] std::uint64_t number_of(std::string_view what, const std::string& text,
                                      std::string_view of_what);

}  // namespace exapulse::client
