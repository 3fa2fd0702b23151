// SPDX-License-Identifier: BSD-3-Clause
#include "common/tokens.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace exapulse {

namespace {

using std::string_view;

/// The effect of a character on the word it is in or next to.
enum class Mark : unsigned char { None, Space, Opening, Closing, Comma };

constexpr auto marks = [] {
    std::array<Mark, 256> table{};
    const auto set = [&](string_view characters, Mark mark) {
        for (const char c : characters) table.at(static_cast<unsigned char>(c)) = mark;
    };
    set(" \t\v\f\r\x1c\x1d\x1e\x1f", Mark::Space);  // see words()
    set("[(", Mark::Opening);
    set("])", Mark::Closing);
    set(",", Mark::Comma);
    return table;
}();

Mark mark_of(char c) {
    return marks[static_cast<unsigned char>(c)];
}

}  // namespace

std::vector<string_view> tokens(string_view line) {
    std::vector<string_view> found;
    found.reserve(std::min<std::size_t>(2 + line.size() / 6, 64));
    std::size_t begin = 0;
    const auto end_at = [&](std::size_t end, std::size_t next) {
        if (end > begin) found.push_back(line.substr(begin, end - begin));
        begin = next;
    };
    for (std::size_t i = 0; i < line.size(); ++i) {
        const Mark mark = mark_of(line[i]);
        if (mark == Mark::Space) end_at(i, i + 1);
        if (mark == Mark::Closing || mark == Mark::Comma) end_at(i, i);
        if (mark == Mark::Opening || mark == Mark::Comma) end_at(i + 1, i + 1);
    }
    end_at(line.size(), line.size());
    return found;
}

}  // namespace exapulse
