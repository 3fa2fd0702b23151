// SPDX-License-Identifier: BSD-3-Clause
#include "tests/bench/process_cost.hpp"

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

namespace exapulse::bench {

std::chrono::duration<double> cpu_of(pid_t pid) {
    std::chrono::nanoseconds sum{};
    for (const auto& thread :
         std::filesystem::directory_iterator("/proc/" + std::to_string(pid) + "/task")) {
        std::ifstream file(thread.path() / "schedstat");
        std::chrono::nanoseconds::rep ran = 0;
        if (!(file >> ran)) throw std::runtime_error("no CPU time to be had from /proc");
        sum += std::chrono::nanoseconds(ran);
    }
    return sum;
}

std::size_t memory_of(pid_t pid) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/smaps_rollup");
    for (std::string word; file >> word;)
        if (std::size_t kib = 0; word == "Anonymous:" && file >> kib) return kib * 1024;
    throw std::runtime_error("no memory to be had from /proc");
}

}  // namespace exapulse::bench
