// SPDX-License-Identifier: BSD-3-Clause
// Socket paths: where exapulsed serves by default, and what the kernel accepts.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <sys/un.h>

namespace exapulse {

inline constexpr std::string_view default_socket_path = "/run/exapulse/exapulse.sock";

/// Where the instance of this name serves.
[[nodiscard]] std::string instance_socket_path(std::string_view instance);

/// The name of the instance that serves `path`; nullopt if none does.
[[nodiscard]] std::optional<std::string_view> instance_of(std::string_view path);

/// The name of the systemd unit whose exapulsed serves `path`.
[[nodiscard]] std::string unit_that_serves(std::string_view path);

/// Why `name` cannot name an instance; nullopt if it can.
[[nodiscard]] std::optional<std::string> instance_name_problem(std::string_view name);

/// sun_path without its final NUL: 107 bytes on Linux (unix(7)). libuv 1.44 silently truncates a
/// longer path and so uses another file; therefore every path is checked before it gets there.
inline constexpr std::size_t max_socket_path = sizeof(sockaddr_un::sun_path) - 1;

/// Why `path` cannot be a socket's path, to be printed after it: "has 120 bytes ..."; nullopt if it
/// can.
[[nodiscard]] std::optional<std::string> socket_path_problem(std::string_view path);

/// The address of a path without a socket_path_problem().
[[nodiscard]] sockaddr_un socket_address(std::string_view path);

}  // namespace exapulse
