// SPDX-License-Identifier: BSD-3-Clause
// What the users and groups of this host are called. Asks the system, which may ask a server.
#pragma once

#include <string>
#include <sys/types.h>

namespace exapulse {

/// Its number where it has no name.
[[nodiscard]] std::string user_name(uid_t uid);
[[nodiscard]] std::string group_name(gid_t gid);

}  // namespace exapulse
