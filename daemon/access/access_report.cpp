// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/access/access_report.hpp"

#include <nlohmann/json.hpp>

#include "common/json.hpp"

namespace exapulse {

namespace {

using nlohmann::ordered_json;

ordered_json or_null(std::string_view text) {
    return text.empty() ? ordered_json(nullptr) : ordered_json(text);
}

ordered_json texts_of(const std::vector<CommandPattern>& patterns) {
    ordered_json texts = ordered_json::array();
    for (const CommandPattern& pattern : patterns) texts.push_back(pattern.text());
    return texts;
}

}  // namespace

std::string format_access(const Caller& caller, std::string_view user, const Grant& grant,
                          const std::vector<std::string>& own_verbs) {
    ordered_json rules = ordered_json::array();
    for (const auto& rule : grant.rules)
        rules.push_back({{"name", rule->name},
                         {"role", name_of(rule->role)},
                         {"allow", texts_of(rule->allow)},
                         {"deny", texts_of(rule->deny)},
                         {"prefixes", rule->prefix_texts},
                         {"peers", rule->peers}});
    ordered_json verbs = ordered_json::array();
    for (const CommandRule& rule : command_rules)
        if (forwards(rule) && rule.role <= grant.role) verbs.push_back(rule.verb.for_people());
    for (const std::string& verb : own_verbs) verbs.push_back(verb);
    return json_text(ordered_json{{"uid", caller.uid},
                                  {"user", or_null(user)},
                                  {"gid", caller.gid},
                                  {"groups", caller.groups},
                                  {"role", name_of(grant.role)},
                                  {"source", or_null(grant.source)},
                                  {"limited", grant.limited()},
                                  {"rules", rules},
                                  {"verbs", verbs}});
}

}  // namespace exapulse
