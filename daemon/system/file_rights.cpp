// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/system/file_rights.hpp"

#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "common/user_name.hpp"

namespace exapulse {

namespace {

namespace fs = std::filesystem;

/// "mode 0640, exabgp:exabgp"
std::string describe_owner(const struct stat& file) {
    return fmt::format("mode {:04o}, {}:{}", file.st_mode & 07777, user_name(file.st_uid),
                       group_name(file.st_gid));
}

std::string verb_of(int access) {
    if ((access & R_OK) != 0 && (access & W_OK) != 0) return "read and write";
    if ((access & W_OK) != 0) return "write";
    return (access & R_OK) != 0 ? "read" : "access";
}

std::string who() {
    return fmt::format("{}:{}", user_name(geteuid()), group_name(getegid()));
}

}  // namespace

std::string describe_missing_rights(const std::string& path, int access) {
    // The first directory from the top that may not be entered, else the file itself.
    std::string culprit = path;
    std::string wanted = verb_of(access);
    fs::path walked;
    for (const fs::path& part : fs::path(path).parent_path()) {
        walked /= part;
        if (eaccess(walked.c_str(), X_OK) == 0) continue;
        culprit = walked;
        wanted = "enter";
        break;
    }
    struct stat file {};
    if (stat(culprit.c_str(), &file) != 0)
        return fmt::format("no permission for {}: exapulsed runs as {}", path, who());
    const std::string owner = user_name(file.st_uid);
    return fmt::format(
        "no permission to {} {} ({}): exapulsed runs as {}; to run it as {}, run systemctl edit "
        "exapulsed and set User={} under [Service]",
        wanted, culprit, describe_owner(file), who(), owner, owner);
}

}  // namespace exapulse
