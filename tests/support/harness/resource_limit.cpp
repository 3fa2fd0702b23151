// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/harness/resource_limit.hpp"

#include <cerrno>
#include <system_error>

namespace exapulse::test {

ResourceLimit::ResourceLimit(pid_t pid, __rlimit_resource resource, rlim_t soft)
    : pid_(pid), resource_(resource) {
    if (prlimit(pid, resource, nullptr, &before_) != 0)
        throw std::system_error(errno, std::generic_category(), "prlimit");
    const rlimit wanted{soft, before_.rlim_max};
    if (prlimit(pid, resource, &wanted, nullptr) != 0)
        throw std::system_error(errno, std::generic_category(), "prlimit");
}

ResourceLimit::~ResourceLimit() {
    prlimit(pid_, resource_, &before_, nullptr);  // fails if the process has ended
}

}  // namespace exapulse::test
