// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/commands/command_policy.hpp"

#include <algorithm>
#include <span>
#include <vector>

#include <fmt/format.h>

#include "common/words.hpp"
#include "daemon/exabgp/command_line.hpp"

namespace exapulse {

namespace {

constexpr CommandRule forward{"", Permission::Anyone, Treatment::Forward, ""};

using Words = std::span<const std::string_view>;

bool begins_with(Words line, Words verb) {
    if (verb.empty()) return true;
    if (line.empty()) return false;
    if (verb.front() == "…") {
        const Words rest = verb.subspan(1);
        for (std::size_t skip = 1; skip < line.size(); ++skip)
            if (begins_with(line.subspan(skip), rest)) return true;
        return false;
    }
    return line.front() == verb.front() && begins_with(line.subspan(1), verb.subspan(1));
}

struct SplitRule {
    std::vector<std::string_view> verb;
    const CommandRule* rule;
};

/// The last rule first: a longer verb is after the shorter one that it begins with.
std::vector<SplitRule> split_rules() {
    std::vector<SplitRule> split;
    for (auto rule = policy::command_rules.rbegin(); rule != policy::command_rules.rend(); ++rule)
        split.push_back({words(rule->verb), &*rule});
    return split;
}

const CommandRule& rule_of(std::vector<std::string_view> parts) {
    static const std::vector<SplitRule> rules = split_rules();
    if (parts.empty()) return forward;
    if (parts.front().starts_with('#')) parts.front() = "#";
    const auto found = std::find_if(rules.begin(), rules.end(), [&](const SplitRule& candidate) {
        return begins_with(parts, candidate.verb);
    });
    return found == rules.end() ? forward : *found->rule;
}

}  // namespace

const CommandRule& rule_for(std::string_view line) {
    return rule_of(tokens(line));
}

std::string misspelling(std::string_view line) {
    const auto read = tokens(line);
    const CommandRule& rule = rule_of(read);
    const CommandRule& seen = rule_of(words(line));
    const bool forwards =
        rule.treatment == Treatment::Forward || rule.treatment == Treatment::ForwardIrregular;
    if (&rule == &seen || (forwards && rule.permission == Permission::Anyone)) return {};
    const auto mark = line.find_first_of("[](),");
    return fmt::format(
        "ExaBGP would read '{}' here, since '{}' at position {} ends a word for it; write the "
        "command without it",
        rule.verb, line.substr(mark, 1), mark + 1);
}

bool begins_with_verb(std::string_view line, std::string_view verb) {
    return begins_with(words(line), words(verb));
}

bool begins_with_any(std::string_view line, std::span<const std::string_view> verbs) {
    const auto parts = words(line);
    return std::any_of(verbs.begin(), verbs.end(),
                       [&](std::string_view verb) { return begins_with(parts, words(verb)); });
}

}  // namespace exapulse
