// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/exabgp/command_guard.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "common/words.hpp"
#include "daemon/exabgp/command_line.hpp"

namespace exapulse {

namespace {

/// Whether exapulsed handles the command itself, or only admins may use it.
bool is_treated(const CommandRule& rule) {
    return rule.role == Role::Admin || rule.treatment != Treatment::Forward;
}

/// Whether a line that was taken for `taken` may be executed as `executed`: nobody must get what
/// their role has no right to.
bool covers(const CommandRule& taken, const CommandRule& executed) {
    if (taken.role < executed.role) return false;
    return !is_treated(executed) ||
           (taken.role == executed.role && taken.treatment == executed.treatment);
}

/// The word of the normalised `line` in which 4.2 and 5.0 find `command`, or in which it starts.
std::string_view word_around(std::string_view line, std::string_view command) {
    auto at = line.find(fmt::format("{} ", command));
    if (at == std::string_view::npos) at = line.size() - command.size();
    const auto start = line.substr(0, at).rfind(' ') + 1;  // npos + 1 is 0
    const auto end = std::max(line.find(' ', start), at + command.size());
    return line.substr(start, std::min(end, line.size()) - start);
}

/// Whether `command` is at the start of the line, or after `neighbor ...` if it is for some peers.
/// One that is_treated() must be at the start, as for rule_for(). After 6.0's `peer ...` the
/// selector is wrong, and the SelectorGuard reports it with the right one.
bool is_begun(const Request& request, std::string_view command) {
    const auto verb = words(command);
    if (const auto& selector = request.selector().selector; selector && selector->for_routes())
        return verb.size() == 2 && selector->action == verb[0] && selector->object == verb[1];
    const Words parts = request.words();
    const Words rest = is_treated(rule_of(command)) ? parts : without_neighbor(parts);
    return rest.size() >= verb.size() && std::equal(verb.begin(), verb.end(), rest.begin());
}

/// Why this ExaBGP reads the line differently from a human; empty if it does not.
std::string misreading(const DialectRules& rules, const Request& request,
                       std::string_view command) {
    if (command.empty() || command == "debug") return {};
    if (rules.matching == Matching::Anywhere) {
        if (is_begun(request, command)) return {};
        const std::string normal = normalised(request.words());
        const std::string_view word = word_around(normal, command);
        return fmt::format(
            "ExaBGP {} searches a line for commands anywhere and would execute '{}' here; {}",
            name_of(rules.dialect), command,
            word == command && words(command).size() > 1
                ? "remove what precedes it, except a peer selector"
                : fmt::format("remove the word '{:.40}'", word));
    }
    if (covers(request.rule(), rule_of(command))) return {};
    return fmt::format("ExaBGP would read this line as '{}'; if you mean that, write it so",
                       command);
}

}  // namespace

std::string guard_against(const DialectRules& rules, const Request& request,
                          std::span<const std::string> unguarded) {
    const std::string_view command = command_in(rules, request);
    if (std::string why = misreading(rules, request, command); !why.empty()) return why;
    for (const UnsafeCommand& unsafe : rules.unsafe) {
        if (!unsafe.matches(request.words(), command)) continue;
        if (std::find(unguarded.begin(), unguarded.end(), unsafe.guard) != unguarded.end())
            continue;
        return fmt::format("{}; to send it anyway, add \"{}\" to commands.unguarded", unsafe.reason,
                           unsafe.guard);
    }
    return {};
}

bool only_reads(const DialectRules& rules, const Request& request) {
    const std::string_view command = command_in(rules, request);
    const bool goes_by_name = !command.empty() || rules.matching == Matching::Anywhere;
    return begins_with_any(goes_by_name ? Words(words(command)) : request.words(), rules.read_only);
}

std::vector<std::string_view> guard_names() {
    std::vector<std::string_view> names;
    for (const Dialect dialect : all_dialects)
        for (const UnsafeCommand& unsafe : rules_of(dialect).unsafe) names.push_back(unsafe.guard);
    names.push_back(selector_guard);
    return names;
}

}  // namespace exapulse
