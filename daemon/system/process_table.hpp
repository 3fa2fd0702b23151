// SPDX-License-Identifier: BSD-3-Clause
// Processes as shown by /proc: their parents, start times, and the pipes that they have open.
// Where a function cannot read /proc for lack of descriptors or memory, what it would return may be
// wrong or incomplete, so it throws ProcUnreadable instead.
#pragma once

#include <optional>
#include <stdexcept>
#include <string>
#include <sys/stat.h>
#include <sys/types.h>
#include <vector>

#include "common/time.hpp"
#include "daemon/system/process.hpp"

namespace exapulse {

/// nullopt if there is no such process, it is hidden from this user, or it is a zombie.
[[nodiscard]] std::optional<ProcessStart> process_start(pid_t pid);

class ProcUnreadable : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

enum class Life {
    Alive,
    Ended,  ///< a zombie has ended, too
    Hidden  ///< a process has its pid, but /proc does not show it to this user (hidepid=)
};

[[nodiscard]] Life life_of(const ProcessStart& process);

/// All processes shown by /proc.
[[nodiscard]] std::vector<ProcessInfo> all_processes();

/// Whether /proc shows every process of the host: exapulsed is in the first PID namespace, and
/// processes of other users are not hidden.
[[nodiscard]] bool sees_whole_host();

/// The pid of a process in its own PID namespace, as it writes into a pid file; 0 if it cannot be
/// read.
[[nodiscard]] pid_t own_pid_of(pid_t pid);

/// The processes that have a pipe open.
struct PipeUsers {
    std::vector<PipeUser> users;   ///< excluding this process
    std::vector<pid_t> forbidden;  ///< processes whose open files this process may not see
};

[[nodiscard]] PipeUsers pipe_users(const struct stat& file);

/// Whether the process reads a pipe that was at `path` and has been removed; also false if its open
/// files cannot be seen.
[[nodiscard]] bool reads_removed(pid_t pid, const std::string& path);

[[nodiscard]] WallTime started_at(const ProcessStart& process);
[[nodiscard]] WallTime host_started();

/// "exabgp (pid 8291)", without the name if it cannot be read. Never throws.
[[nodiscard]] std::string describe_process(pid_t pid);

/// Identifies the current boot of the host; empty if it cannot be read.
[[nodiscard]] std::string boot_id();

}  // namespace exapulse
