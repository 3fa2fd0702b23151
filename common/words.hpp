// SPDX-License-Identifier: BSD-3-Clause
// words(): a command line as ExaBGP sees it. Pure.
#pragma once

#include <algorithm>
#include <string_view>
#include <vector>

namespace exapulse {

/// The words of `line`. Blank, TAB, CR, VT and FF separate words for ExaBGP, in any number.
[[nodiscard]] inline std::vector<std::string_view> words(std::string_view line) {
    constexpr std::string_view blanks = " \t\r\v\f";
    std::vector<std::string_view> found;
    for (;;) {
        const auto start = line.find_first_not_of(blanks);
        if (start == std::string_view::npos) return found;
        line.remove_prefix(start);
        const auto end = std::min(line.find_first_of(blanks), line.size());
        found.push_back(line.substr(0, end));
        line.remove_prefix(end);
    }
}

}  // namespace exapulse
