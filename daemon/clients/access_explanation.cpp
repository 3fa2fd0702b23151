// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/clients/access_explanation.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "daemon/clients/request_role.hpp"

namespace exapulse {

namespace {

/// The group of the socket file, else the one that it would get.
gid_t group_of_socket(const Config& config) {
    struct stat file {};
    if (stat(config.socket.path.c_str(), &file) == 0) return file.st_gid;
    return config.socket.group.empty() ? getegid() : socket_group(config.socket.group);
}

std::string text_of(const AccessRule& rule) {
    std::string text = fmt::format("rule {}: {}", rule.name, name_of(rule.role));
    const auto add = [&](std::string_view title, const std::vector<std::string>& items) {
        if (!items.empty()) text += fmt::format("; {} {}", title, fmt::join(items, ", "));
    };
    const auto texts = [](const std::vector<CommandPattern>& patterns) {
        std::vector<std::string> found;
        for (const CommandPattern& pattern : patterns) found.push_back(pattern.text());
        return found;
    };
    add("prefixes", rule.prefix_texts);
    add("peers", rule.peers);
    add("only", texts(rule.allow));
    add("but not", texts(rule.deny));
    return text;
}

}  // namespace

AccessExplanation explain_access(const Config& config, AccessLists access, const std::string& user,
                                 const std::string& command) {
    const Caller caller = caller_of_user(user);
    const AccessPolicy policy(std::move(access.lists), group_of_socket(config));
    const Grant grant = policy.grant_of(caller);
    AccessExplanation explanation;
    explanation.text =
        fmt::format("{} (uid {}): the role {}{}\n", user, caller.uid, name_of(grant.role),
                    grant.source.empty() ? ", for no list and no rule names it"
                                         : fmt::format(", by {}", grant.source));
    for (const auto& rule : grant.rules) explanation.text += fmt::format("  {}\n", text_of(*rule));
    if (command.empty()) return explanation;
    const Request request(command);
    const Role needed = role_for(request);
    const std::string why = denial(grant, needed, verb_in(request), request);
    explanation.allowed = why.empty();
    explanation.text +=
        why.empty() ? fmt::format("'{}' needs the role {}: allowed\n", command, name_of(needed))
                    : fmt::format("'{}': denied: {}\n", command, why);
    return explanation;
}

}  // namespace exapulse
