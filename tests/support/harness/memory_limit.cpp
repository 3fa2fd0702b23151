// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/harness/memory_limit.hpp"

#include <cerrno>
#include <fstream>
#include <string>
#include <system_error>

namespace exapulse::test {

namespace {

/// In bytes: its heap, and what it has mapped to be written.
std::size_t data_of(pid_t pid) {
    std::ifstream status("/proc/" + std::to_string(pid) + "/status");
    for (std::string word; status >> word;)
        if (std::size_t kib = 0; word == "VmData:" && status >> kib) return kib << 10;
    return 0;
}

}  // namespace

MemoryLimit::MemoryLimit(pid_t pid, std::size_t spare) : pid_(pid) {
    // Not RLIMIT_AS: malloc() has reserved far more addresses than it uses, and would use these.
    if (prlimit(pid, RLIMIT_DATA, nullptr, &before_) != 0)
        throw std::system_error(errno, std::generic_category(), "prlimit");
    const rlimit tight{data_of(pid) + spare, before_.rlim_max};
    if (prlimit(pid, RLIMIT_DATA, &tight, nullptr) != 0)
        throw std::system_error(errno, std::generic_category(), "prlimit");
}

MemoryLimit::~MemoryLimit() {
    prlimit(pid_, RLIMIT_DATA, &before_, nullptr);  // fails where it has ended
}

}  // namespace exapulse::test
