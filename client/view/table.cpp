// SPDX-License-Identifier: BSD-3-Clause
// Widths, sides and lines of a table.
#include "client/view/table.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "client/view/display_width.hpp"
#include "common/printable.hpp"

namespace exapulse::client {

namespace {

constexpr std::string_view gap = "  ";

bool is_number(std::string_view cell) {
    if (cell.starts_with('-')) cell.remove_prefix(1);
    const auto digit_or_point = [](char c) { return (c >= '0' && c <= '9') || c == '.'; };
    return !cell.empty() && cell.front() != '.' && cell.back() != '.' &&
           std::all_of(cell.begin(), cell.end(), digit_or_point) &&
           std::count(cell.begin(), cell.end(), '.') <= 1;
}

bool goes_with_numbers(std::string_view cell) {
    return cell.empty() || cell == "-";
}

std::string padded(const std::string& cell, std::size_t width, bool on_the_right) {
    const std::string blanks(width - display_width(cell), ' ');
    return on_the_right ? blanks + cell : cell + blanks;
}

}  // namespace

Table::Table(std::vector<std::string> headers) : headers_(std::move(headers)) {}

void Table::add(std::vector<std::string> cells) {
    for (std::string& cell : cells) cell = printable(cell);
    headers_.resize(std::max(headers_.size(), cells.size()));
    rows_.push_back(std::move(cells));
}

Table::Column Table::column(std::size_t index) const {
    Column column{display_width(headers_[index])};
    bool others = false;
    for (const auto& row : rows_) {
        if (index >= row.size()) continue;
        column.width = std::max(column.width, display_width(row[index]));
        column.numbers = column.numbers || is_number(row[index]);
        others = others || !(is_number(row[index]) || goes_with_numbers(row[index]));
    }
    column.numbers = column.numbers && !others;
    return column;
}

std::string Table::text(const Style& style) const {
    std::vector<Column> columns;
    for (std::size_t i = 0; i < headers_.size(); ++i) columns.push_back(column(i));

    const auto line = [&](const std::vector<std::string>& cells) {
        std::string text;
        for (std::size_t i = 0; i < cells.size(); ++i) {
            if (i > 0) text += gap;
            text += padded(cells[i], columns[i].width, columns[i].numbers);
        }
        text.erase(text.find_last_not_of(' ') + 1);
        return text;
    };
    std::string text = style.paint(Colour::Bold, line(headers_));
    for (const auto& row : rows_) text += '\n' + line(row);
    return text;
}

}  // namespace exapulse::client
