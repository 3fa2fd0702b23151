// SPDX-License-Identifier: BSD-3-Clause
// How many columns text takes on a terminal. Pure: it does not hang on the locale.
#pragma once

#include <cstddef>
#include <string_view>

namespace exapulse::client {

/// Columns of UTF-8 text without control characters: combining characters take none, East Asian
/// characters and emoji two. A byte that is not UTF-8 counts as one column.
[[nodiscard]] std::size_t display_width(std::string_view text);

}  // namespace exapulse::client
