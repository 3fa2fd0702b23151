// SPDX-License-Identifier: BSD-3-Clause
// DescriptorLimit: a process that can open only so many more files.
#pragma once

#include <sys/resource.h>
#include <sys/types.h>
#include <unistd.h>

namespace exapulse::test {

/// While it exists the process `pid` can open `spare` more descriptors, and no others.
/// Throws if that can't be had.
class DescriptorLimit {
  public:
    explicit DescriptorLimit(unsigned spare, pid_t pid = getpid());
    ~DescriptorLimit();
    DescriptorLimit(const DescriptorLimit&) = delete;
    DescriptorLimit& operator=(const DescriptorLimit&) = delete;

  private:
    pid_t pid_;
    rlimit before_{};
};

}  // namespace exapulse::test
