// SPDX-License-Identifier: BSD-3-Clause
#include "common/small_file.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "common/file_descriptor.hpp"

namespace exapulse {

namespace {

/// Never blocks: O_NONBLOCK only matters for FIFOs.
constexpr int read_flags = O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY;

/// Returns an errno, or 0.
int write_all(int fd, std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = write(fd, text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return errno;
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    return 0;
}

/// Creates the file, writes and syncs it. Returns an errno, or 0.
int write_new_file(const std::string& path, std::string_view text, mode_t mode) {
    const FileDescriptor file(open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
    if (!file.is_open()) return errno;
    if (const int error = write_all(file.get(), text); error != 0) return error;
    return fsync(file.get()) == 0 ? 0 : errno;
}

/// Makes the new name of a file durable. Returns an errno, or 0.
int sync_directory(const std::string& path) {
    const std::string above = std::filesystem::path(path).parent_path().string();
    const FileDescriptor directory(
        open(above.empty() ? "." : above.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!directory.is_open()) return errno;
    // EINVAL: this file system cannot sync a directory, and need not.
    return fsync(directory.get()) == 0 || errno == EINVAL ? 0 : errno;
}

}  // namespace

SmallFile read_small_file(const std::string& path, std::size_t limit, SymbolicLinks links) {
    SmallFile file;
    const int flags = read_flags | (links == SymbolicLinks::Refuse ? O_NOFOLLOW : 0);
    const FileDescriptor opened(open(path.c_str(), flags));
    if (!opened.is_open()) {
        file.error = errno;
        file.exists = errno != ENOENT && errno != ENOTDIR;
        file.problem = errno == ELOOP && links == SymbolicLinks::Refuse
                           ? "is a symbolic link"
                           : fmt::format("cannot be read: {}", std::strerror(errno));
        return file;
    }
    file.exists = true;
    struct stat found {};
    if (fstat(opened.get(), &found) != 0 || !S_ISREG(found.st_mode)) {
        file.problem = "is not a regular file";
        return file;
    }
    std::string text(limit + 1, '\0');
    std::size_t size = 0;
    while (size < text.size()) {
        const ssize_t got = read(opened.get(), text.data() + size, text.size() - size);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) {
            file.error = errno;
            file.problem = fmt::format("cannot be read: {}", std::strerror(errno));
            return file;
        }
        if (got == 0) break;
        size += static_cast<std::size_t>(got);
    }
    if (size > limit) {
        file.problem = fmt::format("is larger than {} bytes", limit);
        return file;
    }
    text.resize(size);
    file.text = std::move(text);
    return file;
}

int replace_file(const std::string& path, const std::string& text, mode_t mode) {
    const std::string fresh = path + ".new";
    unlink(fresh.c_str());
    int error = write_new_file(fresh, text, mode);
    if (error == 0 && std::rename(fresh.c_str(), path.c_str()) != 0) error = errno;
    if (error != 0) {
        unlink(fresh.c_str());
        return error;
    }
    return sync_directory(path);
}

}  // namespace exapulse
