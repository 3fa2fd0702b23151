// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/access/users.hpp"

#include <pwd.h>

namespace exapulse {

const std::string& Users::name_of(uid_t uid) {
    const auto [entry, is_new] = names_.try_emplace(uid);
    if (is_new)
        if (const passwd* user = getpwuid(uid)) entry->second = user->pw_name;
    return entry->second;
}

}  // namespace exapulse
