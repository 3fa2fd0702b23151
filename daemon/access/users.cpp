// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/access/users.hpp"

#include <cerrno>
#include <pwd.h>

#include "common/file_descriptor.hpp"

namespace exapulse {

const std::string& Users::name_of(uid_t uid) {
    const auto [entry, is_new] = names_.try_emplace(uid);
    if (!is_new && !entry->second.unread) return entry->second.name;
    errno = 0;
    const passwd* user = getpwuid(uid);
    if (user != nullptr) entry->second.name = user->pw_name;
    entry->second.unread = user == nullptr && lacks_resources(errno);
    return entry->second.name;
}

}  // namespace exapulse
