// SPDX-License-Identifier: BSD-3-Clause
// number_in(): parses a whole number. Pure.
#pragma once

#include <charconv>
#include <optional>
#include <string_view>
#include <system_error>

namespace exapulse {

/// `text` as a decimal number; nullopt if it is anything else, or does not fit into `Number`.
template <typename Number>
[[nodiscard]] std::optional<Number> number_in(std::string_view text) {
    Number number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

}  // namespace exapulse
