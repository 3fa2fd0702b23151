// SPDX-License-Identifier: BSD-3-Clause
// directory_entries(): what is in a directory, for those that change or go while they are read.
#pragma once

#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

namespace exapulse {

/// The paths of the entries of `directory`; empty where it cannot be read, and then `error` says
/// why. A range-based for over a directory_iterator throws when /proc/PID/fd goes on the way.
[[nodiscard]] inline std::vector<std::filesystem::path> directory_entries(
    const std::string& directory, std::error_code& error) {
    std::vector<std::filesystem::path> paths;
    std::filesystem::directory_iterator entry(directory, error);
    while (!error && entry != std::filesystem::directory_iterator()) {
        paths.push_back(entry->path());
        entry.increment(error);
    }
    return paths;
}

}  // namespace exapulse
