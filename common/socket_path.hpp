// SPDX-License-Identifier: BSD-3-Clause
// Socket paths: where exapulsed is found by default, and what the kernel can take.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <sys/un.h>

namespace exapulse {

inline constexpr std::string_view default_socket_path = "/run/exapulse/exapulse.sock";

/// Where the exapulsed of this name serves, on a host that has several.
[[nodiscard]] std::string instance_socket_path(std::string_view instance);

/// The name of the instance that serves `path`; nullopt where it is no instance's.
[[nodiscard]] std::optional<std::string_view> instance_of(std::string_view path);

/// The systemd unit whose exapulsed serves `path`, by its name.
[[nodiscard]] std::string unit_that_serves(std::string_view path);

/// Why `name` can't name an instance; nullopt when it can.
[[nodiscard]] std::optional<std::string> instance_name_problem(std::string_view name);

/// sun_path without its closing NUL: 107 bytes on Linux (unix(7)). libuv 1.44 cuts a longer path
/// without a word and then uses another file, so every path is checked before it gets there.
inline constexpr std::size_t max_socket_path = sizeof(sockaddr_un::sun_path) - 1;

/// Why `path` can't be a socket's path, in words that stand behind it: "has 120 bytes ..."; nullopt
/// when it can.
[[nodiscard]] std::optional<std::string> socket_path_problem(std::string_view path);

/// The address of a path that has no problem.
[[nodiscard]] sockaddr_un socket_address(std::string_view path);

}  // namespace exapulse
