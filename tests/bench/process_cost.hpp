// SPDX-License-Identifier: BSD-3-Clause
// What a running process has cost so far, from /proc.
#pragma once

#include <chrono>
#include <cstddef>
#include <sys/types.h>

namespace exapulse::bench {

/// CPU time of all its threads, user and system.
[[nodiscard]] std::chrono::duration<double> cpu_of(pid_t pid);
/// Memory of its own, in bytes: heap and stacks, not what it maps from files.
[[nodiscard]] std::size_t memory_of(pid_t pid);

}  // namespace exapulse::bench
