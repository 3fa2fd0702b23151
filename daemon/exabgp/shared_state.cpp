// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/exabgp/shared_state.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "common/words.hpp"
#include "daemon/exabgp/request.hpp"

namespace exapulse {

namespace {

constexpr CommandRule forward{"", Role::Operate, Treatment::Forward, ""};

bool is_selected(const CommandRule& rule) {
    return rule.verb.words().size() == 3 && rule.verb.words()[1] == "…";
}

/// Of `peer SELECTOR ACTION ...`. No selector has an action among its words.
const CommandRule* selected_rule(Words line, std::span<const CommandRule> rules) {
    std::size_t at = 2;
    if (line.size() > 1 && line[1].ends_with('['))
        while (at < line.size() && !line[at].starts_with(']')) ++at;
    for (; at < line.size(); ++at)
        for (const CommandRule& rule : rules)
            if (is_selected(rule) && rule.verb.words().back() == line[at]) return &rule;
    return nullptr;
}

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
    for (auto rule = end; rule != begin;) {
        --rule;
        if (is_selected(*rule)) continue;
        if (rule->verb.words().size() == 1 || rule->verb.begins(line)) return *rule;
    }
    if (first != "peer") return forward;
    const auto* rule = selected_rule(line, {begin, end});
    return rule == nullptr ? forward : *rule;
}

const CommandRule& rule_of(std::string_view verb) {
    const auto rule = std::lower_bound(
        command_rules.begin(), command_rules.end(), verb,
        [](const CommandRule& row, std::string_view text) { return row.verb.text() < text; });
    return rule != command_rules.end() && rule->verb.text() == verb ? *rule : forward;
}

std::string misspelling(const Request& request) {
    const CommandRule& rule = request.rule();
    if (forwards(rule) && rule.role != Role::Admin) return {};
    const std::string& line = request.text();
    const auto mark = line.find_first_of("[](),");
    if (mark == std::string::npos || &rule == &rule_for(words(line))) return {};
    return fmt::format(
        "ExaBGP would read '{}' here, since for it '{}' at position {} ends a word; write the "
        "command without it",
        rule.verb.text(), line[mark], mark + 1);
}

}  // namespace exapulse
