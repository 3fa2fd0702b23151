// SPDX-License-Identifier: BSD-3-Clause
// Pager: where answers go that are longer than the screen.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace exapulse::client {

/// Rows that `text` takes on a terminal of `columns`; escape sequences take none. Pure.
[[nodiscard]] std::size_t rows_of(std::string_view text, std::size_t columns);

/// EXAPULSE_PAGER, PAGER, else less(1) where there is one. Empty: none; so is one called cat.
[[nodiscard]] std::string pager_command();

enum class Paged { Shown, Interrupted, NotStarted };

/// Shows `text` in `command`, a line for sh(1), and waits until that has ended. The terminal is to
/// be in its own mode, and SIGPIPE ignored: a pager may end before it has read all.
[[nodiscard]] Paged page(const std::string& command, std::string_view text);

}  // namespace exapulse::client
