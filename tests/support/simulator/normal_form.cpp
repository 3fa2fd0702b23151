// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/simulator/normal_form.hpp"

#include <algorithm>
#include <utility>

namespace exapulse::test {

namespace {

void replace_all(std::string& text, std::string_view what, std::string_view by) {
    for (auto at = text.find(what); at != text.npos; at = text.find(what, at + by.size()))
        text.replace(at, what.size(), by);
}

}  // namespace

std::string formatted(std::string_view line) {
    constexpr std::string_view blanks = " \t\r\v\f";
    const auto start = std::min(line.find_first_not_of(blanks), line.size());
    std::string result(line.substr(start, line.find_last_not_of(blanks) + 1 - start));
    for (const auto& [what, by] :
         {std::pair{"\t", " "}, {"]", " ]"}, {"[", "[ "}, {")", " )"}, {"(", "( "}, {",", " , "}})
        replace_all(result, what, by);
    const auto both_blank = [](char a, char b) { return a == ' ' && b == ' '; };
    result.erase(std::unique(result.begin(), result.end(), both_blank), result.end());
    return result;
}

}  // namespace exapulse::test
