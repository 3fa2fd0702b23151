// SPDX-License-Identifier: BSD-3-Clause
#include "client/shell/screen_repair.hpp"

#include <algorithm>
#include <cwchar>

#include <fmt/format.h>

#include "client/shell/screen_position.hpp"
#include "client/view/utf8.hpp"

namespace exapulse::client {

// Clearing that begins in the first column of the screen's first row would put what is there into
// tmux's history.
std::string erase_line(const ShownLine& line, TerminalSize size) {
    const std::size_t row = position_after(line.prompt, line.before_cursor, size.columns).row;
    std::string text = "\r";
    if (row > 0) text += fmt::format("\033[{}A", std::min(row, size.rows - 1));
    return text + "\033[K\033[C\033[J\r";
}

std::string leave_line(const ShownLine& line, TerminalSize size) {
    const auto cursor = position_after(line.prompt, line.before_cursor, size.columns);
    const auto end = position_after(line.prompt, line.text, size.columns);
    std::string text;
    if (end.row > cursor.row) text += fmt::format("\033[{}B", end.row - cursor.row);
    text += "\r";
    if (end.column > 0) text += fmt::format("\033[{}C", end.column);
    return text;
}

// Once that row has been cleared, terminals take it for a line of its own, and fold it apart from
// the rest: erase_line() would miss a row. They take it for a part of the line when the line's last
// character and a space run over from the row above.
std::string hold_last_row(const ShownLine& line, TerminalSize size) {
    if (line.text.empty() || line.before_cursor.size() != line.text.size()) return {};
    const auto end = position_after(line.prompt, line.text, size.columns);
    if (end.row == 0 || end.column != 0 || wcwidth(line.text.back()) != 1) return {};
    return fmt::format("\033[A\033[{}G{} \r", size.columns,
                       to_utf8(line.text.substr(line.text.size() - 1)));
}

}  // namespace exapulse::client
