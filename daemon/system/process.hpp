// SPDX-License-Identifier: BSD-3-Clause
// A process as a value, for the pure parts; filled in by process_table.hpp.
#pragma once

#include <cstdint>
#include <string>
#include <sys/types.h>
#include <vector>

namespace exapulse {

struct ProcessStart {
    pid_t pid = 0;
    pid_t parent = 0;
    std::uint64_t ticks = 0;  ///< since boot; with the pid it identifies a process of this boot

    /// Ignores the parent, which changes if it dies first.
    bool operator==(const ProcessStart& other) const {
        return pid == other.pid && ticks == other.ticks;
    }
};

struct ProcessInfo {
    ProcessStart start;
    std::string name;  ///< that of its program, truncated to 15 bytes by the kernel
    std::vector<std::string> arguments;  ///< the program first; empty for a kernel thread
};

struct PipeUser {
    pid_t pid = 0;
    bool reads = false;
    bool writes = false;
};

}  // namespace exapulse
