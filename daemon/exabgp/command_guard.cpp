// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/exabgp/command_guard.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "daemon/commands/command_policy.hpp"
#include "daemon/exabgp/command_line.hpp"

namespace exapulse {

namespace {

/// A command that exapulsed treats itself, or that not everybody may use.
bool is_treated(std::string_view command) {
    const CommandRule& rule = rule_for(command);
    return rule.permission != Permission::Anyone || rule.treatment != Treatment::Forward;
}

}  // namespace

std::string guard_against(const DialectRules& rules, std::string_view line,
                          std::span<const std::string> unguarded) {
    if (rules.dangers.empty() && rules.matching == Matching::FirstWords) return {};
    const std::string normal = normalised(line);
    const std::string_view command = found_command(rules, normal);
    // By its first words the policy has let it pass; here it is something else.
    if (!command.empty() && is_treated(command) && !begins_with_verb(normal, command))
        return fmt::format(
            "ExaBGP {} looks for its commands anywhere in a line and would take this one for "
            "'{}'; leave that word out",
            name_of(rules.dialect), command);
    for (const Danger& danger : rules.dangers) {
        if (!danger.in(normal, command)) continue;
        if (std::find(unguarded.begin(), unguarded.end(), danger.guard) != unguarded.end())
            continue;
        return fmt::format("{}; to send it all the same, put \"{}\" into commands.unguarded",
                           danger.harm, danger.guard);
    }
    return {};
}

bool only_reads(const DialectRules& rules, std::string_view line) {
    if (rules.matching == Matching::Anywhere) {
        const std::string normal = normalised(line);
        return begins_with_any(found_command(rules, normal), rules.read_only);
    }
    return begins_with_any(line, rules.read_only);
}

std::vector<std::string_view> guard_names() {
    std::vector<std::string_view> names;
    for (const Dialect dialect : all_dialects)
        for (const Danger& danger : rules_of(dialect).dangers) names.push_back(danger.guard);
    names.push_back(selector_guard);
    return names;
}

}  // namespace exapulse
