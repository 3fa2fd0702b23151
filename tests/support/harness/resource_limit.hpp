// SPDX-License-Identifier: BSD-3-Clause
// ResourceLimit: changes a limit of a process for a time.
#pragma once

#include <sys/resource.h>
#include <sys/types.h>

namespace exapulse::test {

/// While it exists, `soft` is the soft limit of `resource`, such as RLIMIT_NOFILE, for the process
/// `pid`. Throws std::system_error if it cannot be set.
class ResourceLimit {
  public:
    ResourceLimit(pid_t pid, __rlimit_resource resource, rlim_t soft);
    ~ResourceLimit();
    ResourceLimit(const ResourceLimit&) = delete;
    ResourceLimit& operator=(const ResourceLimit&) = delete;

  private:
    pid_t pid_;
    __rlimit_resource resource_;
    rlimit before_{};
};

}  // namespace exapulse::test
