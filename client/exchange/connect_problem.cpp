// SPDX-License-Identifier: BSD-3-Clause
// A failed connect(2) in words.
#include "client/exchange/connect_problem.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <optional>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

#include <fmt/format.h>

#include "client/exchange/instances.hpp"
#include "common/socket_path.hpp"
#include "common/units.hpp"
#include "common/user_name.hpp"

namespace exapulse::client {

namespace {

std::string own_groups() {
    std::vector<gid_t> groups(static_cast<std::size_t>(std::max(getgroups(0, nullptr), 0)));
    const int count = getgroups(static_cast<int>(groups.size()), groups.data());
    groups.resize(static_cast<std::size_t>(std::max(count, 0)));
    std::vector<std::string> names{group_name(getegid())};
    for (const gid_t gid : groups)
        if (gid != getegid()) names.push_back(group_name(gid));
    return fmt::format("{}", fmt::join(names, ", "));
}

// The first folder on the way to the socket that lets us not pass; empty when it is the socket.
std::string closed_folder(const std::filesystem::path& socket) {
    std::filesystem::path folder;
    for (const auto& part : socket.parent_path()) {
        folder /= part;
        if (access(folder.c_str(), X_OK) != 0 && errno == EACCES) return folder.string();
    }
    return {};
}

std::string permission_problem(const std::string& path) {
    const std::string folder = closed_folder(path);
    const std::string& closed = folder.empty() ? path : folder;
    std::string text = fmt::format("no permission for {}: you are user {} (groups {})", closed,
                                   user_name(geteuid()), own_groups());
    struct stat status {};
    if (stat(closed.c_str(), &status) != 0) return text;
    const std::string owner = user_name(status.st_uid);
    const std::string group = group_name(status.st_gid);
    text += fmt::format(", it is {}:{} with mode {:04o}", owner, group, status.st_mode & 07777U);
    const mode_t needed = folder.empty() ? S_IWGRP : S_IXGRP;
    if ((status.st_mode & needed) != 0 && group != "root")
        return text + fmt::format("; join the group (sudo usermod -aG {} {}) and log in again",
                                  group, user_name(geteuid()));
    return text + fmt::format("; try as {} (sudo exapulse ...)", owner);
}

/// Of exapulsed, for the instance that a unit runs.
std::string instance_flag(const std::string& unit) {
    const auto at = unit.find('@');
    return at == std::string::npos ? "" : " --instance " + unit.substr(at + 1);
}

bool is_socket(const std::string& path) {
    struct stat status {};
    return stat(path.c_str(), &status) != 0 || S_ISSOCK(status.st_mode);
}

}  // namespace

std::string connect_problem(const std::string& path, int error) {
    if (!is_socket(path))
        return fmt::format("{} is not a socket; is --socket or EXAPULSE_SOCKET right?", path);
    const std::string unit = unit_that_serves(path);
    switch (error) {
        case ENOENT:
            if (const std::string advice = instance_advice(path, instances()); !advice.empty())
                return fmt::format("exapulsed is not reachable, there is no {}{}", path, advice);
            return fmt::format(
                "exapulsed is not reachable, there is no {}; did it start? (systemctl status {}, "
                "exapulsed{} --check-config) Is its socket elsewhere? (--socket)",
                path, unit, instance_flag(unit));
        case ECONNREFUSED:
            return fmt::format(
                "exapulsed is not reachable, nobody listens on {}: it ended without "
                "removing its socket; see systemctl status {} and exapulsed{} --check-config, "
                "then systemctl restart {}",
                path, unit, instance_flag(unit), unit);
        case EACCES:
        case EPERM:
            return permission_problem(path);
        case EAGAIN:
            return fmt::format(
                "exapulsed does not accept connections on {}, its waiting line is "
                "full; see journalctl -u {}",
                path, unit);
        default:
            return fmt::format("exapulsed is not reachable on {}: {}", path, std::strerror(error));
    }
}

std::string silent_socket(const std::string& path, std::chrono::milliseconds time) {
    return fmt::format(
        "exapulsed accepts on {} but has not answered within {} (--timeout); is it stopped or "
        "stuck? (systemctl status {})",
        path, format_duration(time), unit_that_serves(path));
}

std::string foreign_socket(const std::string& path) {
    return fmt::format("{} does not answer as exapulsed does; is it ExaBGP's own socket?", path);
}

}  // namespace exapulse::client
