// SPDX-License-Identifier: BSD-3-Clause
// directory_entries(): lists a directory that may change or disappear while it is read.
#pragma once

#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

namespace exapulse {

/// The paths of the entries of `directory`; on a read error, `error` is set and the list may be
/// incomplete. Never throws, unlike a range-based for when /proc/PID/fd disappears meanwhile.
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
