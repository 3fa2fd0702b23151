// SPDX-License-Identifier: BSD-3-Clause
// PeerCredentials: who is at the other end of a Unix socket, as the kernel says.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace exapulse {

/// Taken when the client connected (SO_PEERCRED, unix(7)); the process may have ended since.
struct PeerCredentials {
    pid_t pid = 0;  ///< 0: of another PID namespace, so it has none in ours
    uid_t uid = 0;
    gid_t gid = 0;

    [[nodiscard]] static PeerCredentials of(int fd);
    /// The supplementary groups that it had then. None where the kernel can't say (before 4.13).
    [[nodiscard]] static std::vector<gid_t> groups_of(int fd);

    /// The name of the process, made printable; empty when it can't be read. Read from /proc at
    /// the first call; for most clients there is none.
    [[nodiscard]] std::string process() const;
    /// For the log: "uid 1000, pid 8291 exapulse", with the name of the user "uid 1000 alice, ...".
    [[nodiscard]] std::string describe(std::string_view user = {}) const;

  private:
    mutable std::array<char, 16> name_{};  // the kernel's length, with a NUL; empty: not known
};

}  // namespace exapulse
