// SPDX-License-Identifier: BSD-3-Clause
// What /proc says about processes: who has a pipe open, who is whose child, since when.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <sys/stat.h>
#include <sys/types.h>
#include <vector>

namespace exapulse {

struct PipeUser {
    pid_t pid = 0;
    bool reads = false;
    bool writes = false;
};

/// The processes that have the pipe `file` open, this one left out. Of other users'
/// processes, and of those with capabilities, the kernel does not show it: what is missing here may
/// still be there.
[[nodiscard]] std::vector<PipeUser> pipe_users(const struct stat& file);

struct ProcessStart {
    pid_t pid = 0;
    pid_t parent = 0;
    std::uint64_t ticks = 0;  ///< since boot; with the pid it names one process of this boot
};

/// nullopt when there is no such process.
[[nodiscard]] std::optional<ProcessStart> process_start(pid_t pid);

/// "exabgp (pid 8291)"
[[nodiscard]] std::string describe_process(pid_t pid);

/// The same from one boot of the host to the next; empty when it can't be read.
[[nodiscard]] std::string boot_id();

}  // namespace exapulse
