// SPDX-License-Identifier: BSD-3-Clause
// A process, as a value: what the pure parts know of it. process_table.hpp fills these in.
#pragma once

#include <cstdint>
#include <string>
#include <sys/types.h>
#include <vector>

namespace exapulse {

struct ProcessStart {
    pid_t pid = 0;
    pid_t parent = 0;
    std::uint64_t ticks = 0;  ///< since boot; with the pid it names one process of this boot

    /// The parent of a process may change, for it may die first.
    bool operator==(const ProcessStart& other) const {
        return pid == other.pid && ticks == other.ticks;
    }
};

struct ProcessInfo {
    ProcessStart start;
    std::string name;  ///< at most 15 bytes of its program's, as the kernel cuts it
    std::vector<std::string> arguments;  ///< the program first; empty for a thread of the kernel
};

struct PipeUser {
    pid_t pid = 0;
    bool reads = false;
    bool writes = false;
};

}  // namespace exapulse
