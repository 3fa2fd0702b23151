// SPDX-License-Identifier: BSD-3-Clause
// words(): splits a command line as ExaBGP does; is_one_of(): finds one of them. Pure.
#pragma once

#include <algorithm>
#include <iterator>
#include <string_view>
#include <vector>

namespace exapulse {

/// The words of `line`. ExaBGP separates them by any number of the characters that Python's
/// str.split() treats as whitespace: the space, TAB, VT, FF, CR and 0x1c to 0x1f.
[[nodiscard]] inline std::vector<std::string_view> words(std::string_view line) {
    constexpr std::string_view whitespace = " \t\v\f\r\x1c\x1d\x1e\x1f";
    std::vector<std::string_view> found;
    for (;;) {
        const auto start = line.find_first_not_of(whitespace);
        if (start == std::string_view::npos) return found;
        line.remove_prefix(start);
        const auto end = std::min(line.find_first_of(whitespace), line.size());
        found.push_back(line.substr(0, end));
        line.remove_prefix(end);
    }
}

/// Whether `list` has this word.
template <class List>
[[nodiscard]] bool is_one_of(std::string_view word, const List& list) {
    return std::find(std::begin(list), std::end(list), word) != std::end(list);
}

}  // namespace exapulse
