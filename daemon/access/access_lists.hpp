// SPDX-License-Identifier: BSD-3-Clause
// Access lists: the users and groups that the configuration names, looked up on this host.
#pragma once

#include <string>
#include <vector>

#include "daemon/access/policy.hpp"
#include "daemon/config/config.hpp"

namespace exapulse {

struct AccessLists {
    AccessPolicy::Lists lists;
    /// What is odd, but no reason to stop: one line each.
    std::vector<std::string> warnings{};
    std::vector<std::string> unknown_admins{};  ///< in socket.admins
};

/// The system may ask a server for a name, and everybody waits meanwhile. Throws ConfigError for a
/// user or a group that does not exist: whom a rule was to limit would go unlimited. In
/// socket.admins, the older list, such a user is a warning.
[[nodiscard]] AccessLists resolve_access(const Config& config);

/// A user with all the groups that the system has for it, as for a new login; a uid that has no
/// name has no groups. Throws ConfigError when there is no such user.
[[nodiscard]] Caller caller_of_user(const std::string& name);

/// The group of socket.group; throws ConfigError when this host has none of that name.
[[nodiscard]] gid_t socket_group(const std::string& name);

}  // namespace exapulse
