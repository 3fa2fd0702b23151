// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/upstream/link/fifo_lock.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <sstream>
#include <sys/file.h>
#include <sys/sysmacros.h>

#include <fmt/format.h>

#include "daemon/system/process_table.hpp"
#include "daemon/upstream/link/fifo_pair.hpp"

namespace exapulse {

namespace {

/// From /proc/locks: `1: FLOCK  ADVISORY  WRITE 8291 00:19:1234 0 EOF`.
std::string holder_of(const struct stat& file) {
    const std::string wanted =
        fmt::format("{:02x}:{:02x}:{}", major(file.st_dev), minor(file.st_dev), file.st_ino);
    std::ifstream locks("/proc/locks");
    for (std::string line; std::getline(locks, line);) {
        std::istringstream words(line);
        std::string number, kind, advisory, type, inode;
        pid_t pid = 0;
        words >> number >> kind >> advisory >> type >> pid >> inode;
        if (kind == "FLOCK" && inode == wanted) return describe_process(pid);
    }
    return "another process";
}

}  // namespace

std::optional<std::string> FifoLock::take(const std::string& name, const struct stat& file) {
    if (fd_.is_open() && device_ == file.st_dev && inode_ == file.st_ino) return std::nullopt;
    const std::string path = answer_pipe(name);
    FileDescriptor fd(open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY));
    if (!fd.is_open()) return fmt::format("{} can't be locked: {}", path, std::strerror(errno));
    if (flock(fd.get(), LOCK_EX | LOCK_NB) != 0)
        return fmt::format(
            "{} has a sidecar already: {} holds the lock on it, and two would get each other's "
            "answers; stop that one, or connect clients to it",
            name, holder_of(file));
    fd_ = std::move(fd);
    device_ = file.st_dev;
    inode_ = file.st_ino;
    return std::nullopt;
}

}  // namespace exapulse
