// SPDX-License-Identifier: BSD-3-Clause
// MemoryLimit: a process that gets no more memory.
#pragma once

#include <cstddef>
#include <sys/resource.h>
#include <sys/types.h>

namespace exapulse::test {

/// While it exists the process `pid` gets no more memory than it has, and `spare` bytes.
/// Throws if that can't be had.
class MemoryLimit {
  public:
    MemoryLimit(pid_t pid, std::size_t spare);
    ~MemoryLimit();
    MemoryLimit(const MemoryLimit&) = delete;
    MemoryLimit& operator=(const MemoryLimit&) = delete;

  private:
    pid_t pid_;
    rlimit before_{};
};

}  // namespace exapulse::test
