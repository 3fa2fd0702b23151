// SPDX-License-Identifier: BSD-3-Clause
// ReceivedLine: a complete line that reached a simulator.
#pragma once

#include <chrono>
#include <string>

namespace exapulse::test {

struct ReceivedLine {
    std::chrono::steady_clock::time_point at;
    std::string text;
};

}  // namespace exapulse::test
