// SPDX-License-Identifier: BSD-3-Clause
// MemoryLimit: a process that gets no more memory.
#pragma once

#include <cstddef>
#include <sys/types.h>

#include "tests/support/harness/resource_limit.hpp"

namespace exapulse::test {

/// While it exists, the process `pid` gets `spare` more bytes of memory at most.
/// Throws std::system_error if that cannot be arranged.
class MemoryLimit {
  public:
    MemoryLimit(pid_t pid, std::size_t spare);

  private:
    ResourceLimit limit_;
};

}  // namespace exapulse::test
