// SPDX-License-Identifier: BSD-3-Clause
// NotifySocket: replaces the socket that systemd passes in NOTIFY_SOCKET.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/file_descriptor.hpp"

namespace exapulse::test {

/// A datagram socket, bound at `path` when constructed; the file is removed at the end.
class NotifySocket {
  public:
    explicit NotifySocket(std::string path);
    ~NotifySocket();
    NotifySocket(const NotifySocket&) = delete;
    NotifySocket& operator=(const NotifySocket&) = delete;

    /// The value for NOTIFY_SOCKET.
    [[nodiscard]] const std::string& path() const { return path_; }

    /// Every text received so far, oldest first; one may hold several lines ("READY=1").
    [[nodiscard]] const std::vector<std::string>& received();

    /// Whether a received text has `line` as one of its lines.
    [[nodiscard]] bool has_line(std::string_view line);

  private:
    std::string path_;
    FileDescriptor fd_;
    std::vector<std::string> received_;
};

}  // namespace exapulse::test
