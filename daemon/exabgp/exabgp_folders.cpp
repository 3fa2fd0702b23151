// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/exabgp/exabgp_folders.hpp"

#include <fmt/format.h>

namespace exapulse {

std::vector<std::string> exabgp_folders(const std::string& root, uid_t uid) {
    std::vector<std::string> folders;
    for (const char* run : {"/run", "/var/run"}) {
        folders.push_back(fmt::format("{}{}/exabgp", root, run));
        folders.push_back(fmt::format("{}{}/{}", root, run, uid));
        folders.push_back(fmt::format("{}{}", root, run));
    }
    return folders;
}

}  // namespace exapulse
