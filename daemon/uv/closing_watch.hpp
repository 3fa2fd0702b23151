// SPDX-License-Identifier: BSD-3-Clause
// ClosingWatch: reports when a process closes a file that it had open before the watch began.
#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <memory>

#include "common/file_descriptor.hpp"
#include "daemon/uv/poll.hpp"

namespace exapulse::uv {

/// Uses inotify(7), which covers the processes of every PID namespace and needs no right over them.
/// A process that opens the file briefly and closes it again is not reported. Destroying it, also
/// from within its own callback, ends the watch.
class ClosingWatch {
  public:
    /// `fd` is the file; it need not stay open. Calls `on_closing` after such a close, and if
    /// events were lost. Never calls it if works() is false: inotify is unavailable, or there is no
    /// free descriptor.
    ClosingWatch(Loop& loop, int fd, std::function<void()> on_closing);

    [[nodiscard]] bool works() const { return poll_ != nullptr; }

  private:
    using Clock = std::chrono::steady_clock;
    /// Whether a close without an open is among the events that have arrived.
    [[nodiscard]] bool read_events();

    FileDescriptor inotify_;
    std::deque<Clock::time_point> opened_;  // since the watch began, and not closed yet
    std::function<void()> on_closing_;
    std::unique_ptr<Poll> poll_;
};

}  // namespace exapulse::uv
