// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/harness/descriptor_limit.hpp"

#include <string>
#include <sys/stat.h>

namespace exapulse::test {

namespace {

bool is_open(pid_t pid, rlim_t number) {
    const std::string name = "/proc/" + std::to_string(pid) + "/fd/" + std::to_string(number);
    struct stat link {};
    return lstat(name.c_str(), &link) == 0;
}

/// RLIMIT_NOFILE limits the number of a new descriptor, not how many are open.
rlim_t limit_for(pid_t pid, unsigned spare) {
    rlim_t limit = 0;
    for (unsigned free = 0; free < spare || is_open(pid, limit); ++limit)
        if (!is_open(pid, limit)) ++free;
    return limit;
}

}  // namespace

DescriptorLimit::DescriptorLimit(unsigned spare, pid_t pid)
    : limit_(pid, RLIMIT_NOFILE, limit_for(pid, spare)) {}

}  // namespace exapulse::test
