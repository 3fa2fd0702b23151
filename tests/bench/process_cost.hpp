// SPDX-License-Identifier: BSD-3-Clause
// The resources that a running process has used so far, from /proc.
#pragma once

#include <chrono>
#include <cstddef>
#include <sys/types.h>

namespace exapulse::bench {

/// CPU time of all its threads, user and system.
[[nodiscard]] std::chrono::duration<double> cpu_of(pid_t pid);
/// Its private memory in bytes: heap and stacks, without mapped files.
[[nodiscard]] std::size_t memory_of(pid_t pid);

}  // namespace exapulse::bench
