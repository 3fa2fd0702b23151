// SPDX-License-Identifier: BSD-3-Clause
#include "common/user_name.hpp"

#include <grp.h>
#include <pwd.h>

namespace exapulse {

std::string user_name(uid_t uid) {
    const passwd* user = getpwuid(uid);
    return user == nullptr ? std::to_string(uid) : user->pw_name;
}

std::string group_name(gid_t gid) {
    const group* found = getgrgid(gid);
    return found == nullptr ? std::to_string(gid) : found->gr_name;
}

}  // namespace exapulse
