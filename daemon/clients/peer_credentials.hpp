// SPDX-License-Identifier: BSD-3-Clause
// PeerCredentials: who is at the other end of a Unix socket, as the kernel says.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>

namespace exapulse {

/// Taken when the client connected (SO_PEERCRED, unix(7)); the process may be gone since.
struct PeerCredentials {
    std::optional<pid_t> pid;  ///< nullopt: of another PID namespace, so it has none in ours
    uid_t uid = 0;
    gid_t gid = 0;
    std::string process;  ///< its name from /proc, made printable; empty when it could not be read

    [[nodiscard]] static PeerCredentials of(int fd);

    /// For the log: "uid 1000, pid 8291 exapulse", with the name of the user "uid 1000 alice, ...".
    [[nodiscard]] std::string describe(std::string_view user = {}) const;
};

}  // namespace exapulse
