// SPDX-License-Identifier: BSD-3-Clause
// DescriptorLimit: a process that can open only a few more files.
#pragma once

#include <sys/types.h>
#include <unistd.h>

#include "tests/support/harness/resource_limit.hpp"

namespace exapulse::test {

/// While it exists, the process `pid` can open `spare` more descriptors, and no others.
/// Throws std::system_error if that cannot be arranged.
class DescriptorLimit {
  public:
    explicit DescriptorLimit(unsigned spare, pid_t pid = getpid());

  private:
    ResourceLimit limit_;
};

}  // namespace exapulse::test
