// SPDX-License-Identifier: BSD-3-Clause
// FileDescriptor: owns a file descriptor.
#pragma once

#include <cassert>
#include <cerrno>
#include <unistd.h>
#include <utility>

namespace exapulse {

/// Closes its descriptor when destroyed; -1 means none.
class FileDescriptor {
  public:
    explicit FileDescriptor(int fd = -1) : fd_(fd) {}
    ~FileDescriptor() { reset(); }
    FileDescriptor(FileDescriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    FileDescriptor& operator=(FileDescriptor&& other) noexcept {
        if (this != &other) reset(std::exchange(other.fd_, -1));
        return *this;
    }

    [[nodiscard]] int get() const { return fd_; }
    [[nodiscard]] bool is_open() const { return fd_ >= 0; }

    /// Passes ownership to the caller.
    [[nodiscard]] int release() { return std::exchange(fd_, -1); }

    void reset(int fd = -1) {
        assert(fd < 0 || fd != fd_);
        if (fd_ >= 0) ::close(fd_);
        fd_ = fd;
    }

  private:
    int fd_;
};

/// Whether an errno means that this process has no free descriptor or memory, for now.
[[nodiscard]] inline bool lacks_resources(int error) {
    return error == EMFILE || error == ENFILE || error == ENOMEM;
}

}  // namespace exapulse
