// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/exabgp/shared_state.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "common/words.hpp"
#include "daemon/exabgp/request.hpp"

namespace exapulse {

namespace {

constexpr CommandRule forward{"", Permission::Anyone, Treatment::Forward, ""};

/// For a search in command_rules, where all verbs with the same first word are adjacent.
struct ByFirstWord {
    bool operator()(const CommandRule& rule, std::string_view word) const {
        return rule.verb.first() < word;
    }
};

}  // namespace

const CommandRule& rule_for(Words line) {
    if (line.empty()) return forward;
    const std::string_view first = line.front().starts_with('#') ? "#" : line.front();
    const auto begin =
        std::lower_bound(command_rules.begin(), command_rules.end(), first, ByFirstWord{});
    auto end = begin;
    while (end != command_rules.end() && end->verb.first() == first) ++end;
    // From the end, since a longer verb is after the shorter one that it begins with.
    for (auto rule = end; rule != begin;)
        if ((--rule)->verb.words().size() == 1 || rule->verb.begins(line)) return *rule;
    return forward;
}

const CommandRule& rule_of(std::string_view verb) {
    const auto rule = std::lower_bound(
        command_rules.begin(), command_rules.end(), verb,
        [](const CommandRule& row, std::string_view text) { return row.verb.text() < text; });
    return rule != command_rules.end() && rule->verb.text() == verb ? *rule : forward;
}

std::string misspelling(const Request& request) {
    const CommandRule& rule = request.rule();
    if (forwards(rule) && rule.permission == Permission::Anyone) return {};
    const std::string& line = request.text();
    const auto mark = line.find_first_of("[](),");
    if (mark == std::string::npos || &rule == &rule_for(words(line))) return {};
    return fmt::format(
        "ExaBGP would read '{}' here, since for it '{}' at position {} ends a word; write the "
        "command without it",
        rule.verb.text(), line[mark], mark + 1);
}

}  // namespace exapulse
