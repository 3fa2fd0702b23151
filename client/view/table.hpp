// SPDX-License-Identifier: BSD-3-Clause
// Table: rows of text, aligned for a terminal. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "client/view/terminal.hpp"

namespace exapulse::client {

/// Columns are as wide as their widest cell and two blanks apart; nothing is ever cut off. A
/// column of numbers is aligned to the right; "-" and an empty cell go with numbers.
class Table {
  public:
    explicit Table(std::vector<std::string> headers);

    /// A row; missing cells at its end are empty. Control characters are escaped.
    void add(std::vector<std::string> cells);

    /// A line for the headers, bold where there is colour, and one for each row; no LF at the end.
    [[nodiscard]] std::string text(const Style& style) const;

  private:
    struct Column {
        std::size_t width = 0;
        bool numbers = false;
    };

    [[nodiscard]] Column column(std::size_t index) const;

    std::vector<std::string> headers_;
    std::vector<std::vector<std::string>> rows_;
};

}  // namespace exapulse::client
