// SPDX-License-Identifier: BSD-3-Clause
#include "client/reports/access_text.hpp"

#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "client/view/table.hpp"
#include "common/json_fields.hpp"
#include "common/printable.hpp"
#include "common/protocol.hpp"

namespace exapulse::client {

namespace {

using nlohmann::json;

/// As wide as the answer's other lines may be.
constexpr std::size_t line_width = 76;
constexpr std::size_t indent = 9;

std::vector<std::string> strings_of(const json& object, const char* key) {
    std::vector<std::string> strings;
    if (!object.contains(key) || !object[key].is_array()) return strings;
    for (const json& value : object[key])
        if (value.is_string()) strings.push_back(printable(value.get_ref<const std::string&>()));
    return strings;
}

std::string_view meaning_of(std::string_view role) {
    const auto known = parse_role(role);
    if (known == Role::Observe) return "read status, events, peers and routes";
    if (known == Role::Operate) return "read, announce, withdraw, tear down sessions";
    if (known == Role::Admin) return "everything, stopping and restarting ExaBGP included";
    return "nothing";
}

std::string rule_text(const json& rule) {
    std::string text = fmt::format("{}: {}", text_field(rule, "name").value_or("?"),
                                   text_field(rule, "role").value_or("?"));
    for (const auto& [key, title] : {std::pair{"prefixes", "prefixes"}, std::pair{"peers", "peers"},
                                     std::pair{"allow", "only"}, std::pair{"deny", "but not"}})
        if (const auto values = strings_of(rule, key); !values.empty())
            text += fmt::format("; {} {}", title, fmt::join(values, ", "));
    return text;
}

std::string folded(const std::vector<std::string>& words) {
    std::string text;
    std::size_t column = indent;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::string word = words[i] + (i + 1 < words.size() ? "," : "");
        if (column > indent && column + word.size() + 1 > line_width) {
            text += "\n" + std::string(indent, ' ');
            column = indent;
        } else if (column > indent) {
            text += ' ';
            ++column;
        }
        text += word;
        column += word.size();
    }
    return text;
}

}  // namespace

std::string access_text(const json& access) {
    const std::string role = text_field(access, "role").value_or("?");
    const auto source = text_field(access, "source");
    std::string text =
        fmt::format("User     {} (uid {})\nRole     {}{}: {}",
                    text_field(access, "user").value_or("?"), number_or_dash(access, "uid"), role,
                    source ? fmt::format(", by {}", *source) : "", meaning_of(role));
    if (access.contains("rules") && access["rules"].is_array())
        for (const json& rule : access["rules"])
            if (rule.is_object()) text += fmt::format("\nRule     {}", rule_text(rule));
    if (const auto verbs = strings_of(access, "verbs"); !verbs.empty())
        text += fmt::format("\nVerbs    {}", folded(verbs));
    return text;
}

}  // namespace exapulse::client
