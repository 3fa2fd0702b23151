// SPDX-License-Identifier: BSD-3-Clause
// What /proc says about processes: who has a pipe open, who is whose child, since when.
#pragma once

#include <optional>
#include <string>
#include <sys/stat.h>
#include <sys/types.h>
#include <vector>

#include "common/time.hpp"
#include "daemon/system/process.hpp"

namespace exapulse {

/// nullopt when there is no such process, or only what is left of one until its parent asks.
[[nodiscard]] std::optional<ProcessStart> process_start(pid_t pid);

/// Every process that /proc shows.
[[nodiscard]] std::vector<ProcessInfo> all_processes();

/// Whether /proc shows every process of the host: exapulsed is in the first PID namespace, and
/// processes of other users are not hidden.
[[nodiscard]] bool sees_whole_host();

/// The pid of a process in its own PID namespace: that which it writes into a pid file. 0 when it
/// can't be read.
[[nodiscard]] pid_t own_pid_of(pid_t pid);

/// Who has a pipe open.
struct PipeUsers {
    std::vector<PipeUser> users;   ///< this process left out
    std::vector<pid_t> forbidden;  ///< processes whose open files the kernel does not show us
};

[[nodiscard]] PipeUsers pipe_users(const struct stat& file);

/// Whether the process reads a pipe that was at `path` and has been removed; false also when its
/// open files can't be seen.
[[nodiscard]] bool reads_removed(pid_t pid, const std::string& path);

/// When it started.
[[nodiscard]] WallTime started_at(const ProcessStart& process);
[[nodiscard]] WallTime host_started();

/// "exabgp (pid 8291)"
[[nodiscard]] std::string describe_process(pid_t pid);

/// The same from one boot of the host to the next; empty when it can't be read.
[[nodiscard]] std::string boot_id();

}  // namespace exapulse
