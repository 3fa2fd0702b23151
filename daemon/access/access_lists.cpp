// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/access/access_lists.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <grp.h>
#include <optional>
#include <pwd.h>
#include <stdexcept>
#include <unistd.h>

#include <fmt/format.h>

#include "common/file_descriptor.hpp"
#include "common/number.hpp"

namespace exapulse {

namespace {

/// Throws if a name was not found because the lookup had no descriptor or memory.
void check_lookup(const std::string& name, int error) {
    if (lacks_resources(error))
        throw std::runtime_error(fmt::format("can't look up {}: {}", name, std::strerror(error)));
}

std::optional<uid_t> uid_of(const std::string& name) {
    if (const auto uid = number_in<uid_t>(name)) return uid;
    errno = 0;
    const passwd* user = getpwnam(name.c_str());
    if (user == nullptr) check_lookup(name, errno);
    return user == nullptr ? std::nullopt : std::optional(user->pw_uid);
}

std::optional<gid_t> gid_of(const std::string& name) {
    if (const auto gid = number_in<gid_t>(name)) return gid;
    errno = 0;
    const group* found = getgrnam(name.c_str());
    if (found == nullptr) check_lookup(name, errno);
    return found == nullptr ? std::nullopt : std::optional(found->gr_gid);
}

/// `where` begins the error.
Principal principal_of(const std::string& text, const std::string& where) {
    using Kind = Principal::Kind;
    if (text == "*") return {Kind::Everyone, 0, text};
    if (text == "@socket") return {Kind::SocketGroup, 0, text};
    const bool group = text.starts_with('@');
    const std::string name = text.substr(group ? 1 : 0);
    const auto id = group ? gid_of(name) : uid_of(name);
    if (!id)
        throw ConfigError(
            fmt::format("{}: there is no {} {} on this host; create it or leave it "
                        "out",
                        where, group ? "group" : "user", name));
    return {group ? Kind::Group : Kind::User, *id, text};
}

std::vector<Principal> principals_of(const std::vector<std::string>& names,
                                     const std::string& where) {
    std::vector<Principal> found;
    for (const std::string& name : names) found.push_back(principal_of(name, where));
    return found;
}

AccessRule rule_of(const AccessRuleConfig& config) {
    AccessRule rule{config.name,
                    principals_of(config.who, fmt::format("{}: access.rule", config.place)),
                    parse_role(config.role).value_or(Role::None)};
    for (const std::string& text : config.allow) rule.allow.emplace_back(text);
    for (const std::string& text : config.deny) rule.deny.emplace_back(text);
    for (const std::string& text : config.prefixes)
        if (const auto prefix = IpPrefix::parse(text)) rule.prefixes.push_back(*prefix);
    rule.prefix_texts = config.prefixes;
    rule.peers = config.peers;
    return rule;
}

std::string oddity(const AccessRuleConfig& rule) {
    if (rule.role == "observe" && !(rule.prefixes.empty() && rule.peers.empty()))
        return "prefixes and peers limit what changes something, which the role observe may not "
               "do";
    if (std::find(rule.deny.begin(), rule.deny.end(), "*") != rule.deny.end())
        return "it denies every command of ExaBGP";
    for (const std::string& pattern : rule.allow)
        if (std::find(rule.deny.begin(), rule.deny.end(), pattern) != rule.deny.end())
            return fmt::format("it allows and denies '{}', which denies it", pattern);
    return {};
}

}  // namespace

AccessLists resolve_access(const Config& config) {
    AccessLists result;
    auto& lists = result.lists;
    lists.admin = {{Principal::Kind::User, 0, "root"},
                   {Principal::Kind::User, geteuid(), "the user exapulsed runs as"}};
    for (const std::string& name : config.socket.admins) {
        if (const auto uid = uid_of(name)) {
            lists.admin.push_back({Principal::Kind::User, *uid, name});
            continue;
        }
        result.unknown_admins.push_back(name);
        result.warnings.push_back(
            fmt::format("socket.admins: there is no user {} on this host; create it, then "
                        "systemctl reload exapulsed",
                        name));
    }
    for (Principal& admin : principals_of(config.access.admin, "access.admin"))
        lists.admin.push_back(std::move(admin));
    lists.operate = principals_of(config.access.operate, "access.operate");
    lists.observe = principals_of(config.access.observe, "access.observe");
    const auto& unguarded = config.commands.unguarded;
    for (const AccessRuleConfig& rule : config.access.rules) {
        lists.rules.push_back(std::make_shared<AccessRule>(rule_of(rule)));
        if (!rule.peers.empty() &&
            std::find(unguarded.begin(), unguarded.end(), "selector") != unguarded.end())
            throw ConfigError(
                fmt::format("{}: access.rule: peers can't be limited while commands.unguarded has "
                            "\"selector\": ExaBGP would reach others",
                            rule.place));
        if (const std::string odd = oddity(rule); !odd.empty())
            result.warnings.push_back(
                fmt::format("{}: access.rule {}: {}", rule.place, rule.name, odd));
    }
    return result;
}

Caller caller_of_user(const std::string& name) {
    const auto uid = number_in<uid_t>(name);
    const passwd* user = uid ? getpwuid(*uid) : getpwnam(name.c_str());
    if (user == nullptr && uid) return {*uid, static_cast<gid_t>(-1)};
    if (user == nullptr) throw ConfigError(fmt::format("there is no user {} on this host", name));
    Caller caller{user->pw_uid, user->pw_gid};
    const std::string login = user->pw_name;
    int count = 64;
    caller.groups.resize(static_cast<std::size_t>(count));
    while (getgrouplist(login.c_str(), caller.gid, caller.groups.data(), &count) < 0)
        caller.groups.resize(static_cast<std::size_t>(count));
    caller.groups.resize(static_cast<std::size_t>(count));
    return caller;
}

gid_t socket_group(const std::string& name) {
    if (const auto gid = gid_of(name)) return *gid;
    throw ConfigError(
        fmt::format("socket.group: there is no group {}; create it (groupadd --system {}) or "
                    "leave the key empty",
                    name, name));
}

}  // namespace exapulse
