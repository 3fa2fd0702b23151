// SPDX-License-Identifier: BSD-3-Clause
// Users: what they are called, and who of them is an administrator.
#pragma once

#include <map>
#include <string>
#include <sys/types.h>
#include <vector>

namespace exapulse {

/// The group of socket.group; throws ConfigError when this host has none of that name.
[[nodiscard]] gid_t socket_group(const std::string& name);

/// The system may ask a server for a name, and everybody waits meanwhile: it is asked once for
/// each, for those in socket.admins when the configuration is loaded.
class Users {
  public:
    /// `names` as in socket.admins. Returns those that are no users here.
    [[nodiscard]] std::vector<std::string> set_admins(const std::vector<std::string>& names);

    /// Root, the user that exapulsed runs as, and those of set_admins().
    [[nodiscard]] bool is_admin(uid_t uid) const;

    /// Empty: it has none.
    [[nodiscard]] const std::string& name_of(uid_t uid);

  private:
    std::vector<uid_t> admins_;
    std::map<uid_t, std::string> names_;
};

}  // namespace exapulse
