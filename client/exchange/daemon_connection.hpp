// SPDX-License-Identifier: BSD-3-Clause
// DaemonConnection: the socket to exapulsed, with deadlines.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "client/io/poll_set.hpp"

namespace exapulse::client {

/// There is no connection to exapulsed; what() says why and what to do.
class Unreachable : public std::runtime_error {
  public:
    Unreachable(const std::string& what, int cause) : std::runtime_error(what), cause_(cause) {}

    /// What connect(2) left in errno.
    [[nodiscard]] int cause() const { return cause_; }

  private:
    int cause_;
};

/// Owns a connected Unix stream socket. Nothing here blocks but the constructor.
class DaemonConnection {
  public:
    /// Throws Unreachable. `timeout` bounds the wait for a daemon that does not accept.
    DaemonConnection(const std::string& path, std::chrono::milliseconds timeout);
    ~DaemonConnection();
    DaemonConnection(const DaemonConnection&) = delete;
    DaemonConnection& operator=(const DaemonConnection&) = delete;

    /// For a PollSet.
    [[nodiscard]] int fd() const { return fd_; }
    /// Writing is never ready again once exapulsed has closed, so it is not waited for then.
    [[nodiscard]] short events(bool read, bool write) const;

    /// Hands the kernel what it takes now, and returns how much that was.
    std::size_t write_some(std::string_view bytes);

    /// What has come; nullopt: exapulsed closed and all it had sent was read. Valid until the next
    /// call.
    [[nodiscard]] std::optional<std::string_view> read_some();

  private:
    int fd_;
    bool write_closed_ = false;  // answers sent before the close can still be read
    std::vector<char> buffer_;
};

}  // namespace exapulse::client
