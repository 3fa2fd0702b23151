// SPDX-License-Identifier: BSD-3-Clause
// lines_of(): the lines of a file that a program under test writes.
#pragma once

#include <fstream>
#include <string>
#include <vector>

namespace exapulse::test {

/// None while the file does not exist.
[[nodiscard]] inline std::vector<std::string> lines_of(const std::string& file) {
    std::vector<std::string> lines;
    std::ifstream stream(file);
    for (std::string line; std::getline(stream, line);) lines.push_back(line);
    return lines;
}

}  // namespace exapulse::test
