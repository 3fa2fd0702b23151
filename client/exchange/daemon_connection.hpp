// SPDX-License-Identifier: BSD-3-Clause
// DaemonConnection: the socket to exapulsed, with deadlines.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace exapulse::client {

using Clock = std::chrono::steady_clock;

/// nullopt: never.
[[nodiscard]] std::optional<Clock::time_point> earlier(std::optional<Clock::time_point> a,
                                                       std::optional<Clock::time_point> b);

/// What poll(2) takes for a deadline, not too early; nullopt: for ever.
[[nodiscard]] int poll_timeout(std::optional<Clock::time_point> deadline);

/// There is no connection to exapulsed; what() says why and what to do.
class Unreachable : public std::runtime_error {
  public:
    Unreachable(const std::string& what, int cause) : std::runtime_error(what), cause_(cause) {}

    /// What connect(2) left in errno.
    [[nodiscard]] int cause() const { return cause_; }

  private:
    int cause_;
};

/// Owns a connected Unix stream socket. Nothing here blocks but the constructor and wait().
class DaemonConnection {
  public:
    /// Throws Unreachable. `timeout` bounds the wait for a daemon that does not accept.
    DaemonConnection(const std::string& path, std::chrono::milliseconds timeout);
    ~DaemonConnection();
    DaemonConnection(const DaemonConnection&) = delete;
    DaemonConnection& operator=(const DaemonConnection&) = delete;

    struct Interest {
        bool read = true;
        bool write = false;
        bool standard_input = false;
        bool standard_output = false;
        std::array<int, 2> also{-1, -1};  // other descriptors to be read
    };
    struct Ready {
        bool read = false;
        bool write = false;
        bool standard_input = false;
        bool standard_output = false;
        bool also = false;       // one of them
        bool timed_out = false;  // and nothing else is ready
    };
    /// Waits until exapulsed has sent something or closed, or what `interest` names is ready.
    /// Writing is never ready again once exapulsed has closed.
    [[nodiscard]] Ready wait(Interest interest, std::optional<Clock::time_point> deadline);

    /// For a poll(2) of somebody else's, who then calls the two below.
    [[nodiscard]] int fd() const { return fd_; }

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
