// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/exabgp/command_line.hpp"

#include <algorithm>

#include "common/words.hpp"

namespace exapulse {

namespace {

using std::string_view;

/// Whether `command` is in `line` as 4.2 and 5.0 look for it: at its very end after a space, or
/// anywhere with a space behind it, be it the end of a longer word.
bool contains(string_view line, string_view command) {
    if (line == command) return true;
    if (line.size() > command.size() && line.ends_with(command) &&
        line[line.size() - command.size() - 1] == ' ')
        return true;
    for (auto at = line.find(command); at != string_view::npos; at = line.find(command, at + 1)) {
        const auto end = at + command.size();
        if (end < line.size() && line[end] == ' ') return true;
    }
    return false;
}

}  // namespace

std::vector<string_view> tokens(string_view line) {
    std::vector<string_view> found;
    for (const string_view word : words(line)) {
        std::size_t begin = 0;
        const auto end_at = [&](std::size_t end) {
            if (end > begin) found.push_back(word.substr(begin, end - begin));
            begin = end;
        };
        for (std::size_t i = 0; i < word.size(); ++i) {
            const char c = word[i];
            if (c == ']' || c == ')' || c == ',') end_at(i);
            if (c == '[' || c == '(' || c == ',') end_at(i + 1);
        }
        end_at(word.size());
    }
    return found;
}

std::string normalised(string_view line) {
    std::string normal;
    normal.reserve(line.size() + line.size() / 8);
    for (const string_view token : tokens(line)) {
        if (!normal.empty()) normal += ' ';
        normal += token;
    }
    return normal;
}

string_view found_command(const DialectRules& rules, string_view line) {
    const auto found = std::find_if(rules.commands.begin(), rules.commands.end(),
                                    [&](string_view command) { return contains(line, command); });
    return found == rules.commands.end() ? string_view() : *found;
}

}  // namespace exapulse
