// SPDX-License-Identifier: BSD-3-Clause
// What moves and clears a line that is being edited on the screen, where libedit can't. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "client/view/terminal_size.hpp"

namespace exapulse::client {

/// A line as libedit shows it: the cursor is at its `cursor`, after a prompt of `prompt` columns.
struct ShownLine {
    std::size_t prompt;
    std::wstring_view text;
    std::wstring_view before_cursor;
};

// Each returns what is to be written to a terminal of this size.

/// Erases the line and its prompt; the cursor goes to where the prompt began.
[[nodiscard]] std::string erase_line(const ShownLine& line, TerminalSize size);

/// Moves the cursor to the end of the line, so that what is printed next follows it.
[[nodiscard]] std::string leave_line(const ShownLine& line, TerminalSize size);

/// Keeps the empty row in which the cursor is, where the line fills its rows, a part of the line.
[[nodiscard]] std::string hold_last_row(const ShownLine& line, TerminalSize size);

}  // namespace exapulse::client
