// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/access/users.hpp"

#include <algorithm>
#include <grp.h>
#include <optional>
#include <pwd.h>
#include <unistd.h>

#include <fmt/format.h>

#include "common/number.hpp"
#include "daemon/config/config.hpp"

namespace exapulse {

namespace {

std::optional<uid_t> uid_of(const std::string& name) {
    if (const auto uid = number_in<uid_t>(name)) return uid;
    const passwd* user = getpwnam(name.c_str());
    return user == nullptr ? std::nullopt : std::optional(user->pw_uid);
}

}  // namespace

gid_t socket_group(const std::string& name) {
    if (const auto gid = number_in<gid_t>(name)) return *gid;
    const group* found = getgrnam(name.c_str());
    if (found == nullptr)
        throw ConfigError(
            fmt::format("socket.group: there is no group {}; create it (groupadd --system {}) or "
                        "leave the key empty",
                        name, name));
    return found->gr_gid;
}

std::vector<std::string> Users::set_admins(const std::vector<std::string>& names) {
    std::vector<std::string> unknown;
    admins_.clear();
    for (const std::string& name : names) {
        if (const auto uid = uid_of(name))
            admins_.push_back(*uid);
        else
            unknown.push_back(name);
    }
    return unknown;
}

bool Users::is_admin(uid_t uid) const {
    return uid == 0 || uid == geteuid() ||
           std::find(admins_.begin(), admins_.end(), uid) != admins_.end();
}

const std::string& Users::name_of(uid_t uid) {
    const auto [entry, is_new] = names_.try_emplace(uid);
    if (is_new)
        if (const passwd* user = getpwuid(uid)) entry->second = user->pw_name;
    return entry->second;
}

}  // namespace exapulse
