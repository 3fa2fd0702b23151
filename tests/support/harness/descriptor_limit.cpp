// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/harness/descriptor_limit.hpp"

#include <cerrno>
#include <string>
#include <sys/stat.h>
#include <system_error>

namespace exapulse::test {

namespace {

bool is_open(pid_t pid, rlim_t number) {
    const std::string name = "/proc/" + std::to_string(pid) + "/fd/" + std::to_string(number);
    struct stat link {};
    return lstat(name.c_str(), &link) == 0;
}

}  // namespace

DescriptorLimit::DescriptorLimit(unsigned spare, pid_t pid) : pid_(pid) {
    // The limit is that of the numbers, which need not be used in turn.
    rlim_t limit = 0;
    for (unsigned free = 0; free < spare || is_open(pid, limit); ++limit)
        if (!is_open(pid, limit)) ++free;
    if (prlimit(pid, RLIMIT_NOFILE, nullptr, &before_) != 0)
        throw std::system_error(errno, std::generic_category(), "prlimit");
    const rlimit tight{limit, before_.rlim_max};
    if (prlimit(pid, RLIMIT_NOFILE, &tight, nullptr) != 0)
        throw std::system_error(errno, std::generic_category(), "prlimit");
}

DescriptorLimit::~DescriptorLimit() {
    prlimit(pid_, RLIMIT_NOFILE, &before_, nullptr);  // fails where it has ended
}

}  // namespace exapulse::test
