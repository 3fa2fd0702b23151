// SPDX-License-Identifier: BSD-3-Clause
#include "common/socket_path.hpp"

#include <algorithm>
#include <cassert>
#include <cctype>
#include <sys/socket.h>

#include <fmt/format.h>

namespace exapulse {

std::optional<std::string> socket_path_problem(std::string_view path) {
    if (path.empty()) return "must not be empty";
    if (path.find('\0') != std::string_view::npos) return "must not have a NUL byte";
    if (path.size() > max_socket_path)
        return fmt::format(
            "has {} bytes, the kernel accepts {} (sun_path): use a shorter path, or a symbolic "
            "link to its directory",
            path.size(), max_socket_path);
    return std::nullopt;
}

std::string instance_socket_path(std::string_view instance) {
    return fmt::format("/run/exapulse/{}/exapulse.sock", instance);
}

std::optional<std::string_view> instance_of(std::string_view path) {
    constexpr std::string_view prefix = "/run/exapulse/";
    constexpr std::string_view suffix = "/exapulse.sock";
    if (!path.starts_with(prefix) || !path.ends_with(suffix) ||
        path.size() <= prefix.size() + suffix.size())
        return std::nullopt;
    path.remove_prefix(prefix.size());
    path.remove_suffix(suffix.size());
    return instance_name_problem(path) ? std::nullopt : std::optional(path);
}

std::string unit_that_serves(std::string_view path) {
    const auto instance = instance_of(path);
    return instance ? fmt::format("exapulsed@{}", *instance) : "exapulsed";
}

std::optional<std::string> instance_name_problem(std::string_view name) {
    const auto fits = [](unsigned char c) {
        return std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.';
    };
    if (!name.empty() && name.front() != '.' && std::all_of(name.begin(), name.end(), fits))
        return std::nullopt;
    return fmt::format("'{}' cannot name an instance; use letters, digits, '-', '_' and '.'", name);
}

sockaddr_un socket_address(std::string_view path) {
    assert(path.size() <= max_socket_path);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::copy(path.begin(), path.end(), static_cast<char*>(address.sun_path));
    return address;
}

}  // namespace exapulse
