// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/recorder/recorder_files.hpp"

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <string_view>
#include <unistd.h>
#include <vector>

#include "common/directory_entries.hpp"
#include "common/file_descriptor.hpp"
#include "common/units.hpp"

namespace exapulse {

namespace {

constexpr std::string_view file_prefix = "recorder-";
constexpr std::string_view file_suffix = ".txt";

/// "20261127T031612Z": sorted by name they are sorted by time.
std::string stamp_of(WallTime time) {
    std::string stamp = format_time(time);
    stamp.resize(std::min(stamp.find('.'), stamp.size()));
    std::erase_if(stamp, [](char c) { return c == '-' || c == ':'; });
    return stamp + "Z";
}

/// Returns an errno, or 0.
int write_file(const std::string& path, std::string_view text) {
    const FileDescriptor file(open(
        path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0640));
    if (!file.is_open()) return errno;
    while (!text.empty()) {
        const ssize_t written = ::write(file.get(), text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return errno;
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    return 0;
}

}  // namespace

RecorderFiles::Written RecorderFiles::write(const std::string& text, WallTime time,
                                            std::size_t most) const {
    assert(most > 0);
    Written written;
    written.path = (std::filesystem::path(directory_) /
                    std::string(file_prefix).append(stamp_of(time)).append(file_suffix))
                       .string();
    if (const int error = write_file(written.path, text); error != 0) {
        written.problem = std::strerror(error);
        unlink(written.path.c_str());  // half of it on a full disk
    }
    prune(most);
    return written;
}

void RecorderFiles::prune(std::size_t most) const {
    std::error_code ignored;
    std::vector<std::filesystem::path> files = directory_entries(directory_, ignored);
    std::erase_if(files, [](const std::filesystem::path& path) {
        const std::string name = path.filename().string();
        return !name.starts_with(file_prefix) || !name.ends_with(file_suffix);
    });
    if (files.size() <= most) return;
    std::sort(files.begin(), files.end());
    files.resize(files.size() - most);
    for (const auto& file : files) unlink(file.c_str());
}

}  // namespace exapulse
