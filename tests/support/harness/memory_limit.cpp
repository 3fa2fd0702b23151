// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/harness/memory_limit.hpp"

#include <fstream>
#include <string>

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

// Not RLIMIT_AS: malloc() has reserved far more addresses than it uses, and would use these.
MemoryLimit::MemoryLimit(pid_t pid, std::size_t spare)
    : limit_(pid, RLIMIT_DATA, data_of(pid) + spare) {}

}  // namespace exapulse::test
