// SPDX-License-Identifier: BSD-3-Clause
// ClosingWatch: tells when somebody closes a file who had it open before the watch began.
#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <memory>

#include "common/file_descriptor.hpp"
#include "daemon/uv/poll.hpp"

namespace exapulse::uv {

/// By inotify(7), which counts the processes of every PID namespace and needs no right over them.
/// Who opens the file for a moment and closes it again is not told. Destroying it, also from within
/// its own callback, ends the watching.
class ClosingWatch {
  public:
    /// `fd` is the file, and need not stay open. Calls `on_closing` for each closing, and when
    /// events were lost. Where the kernel has no inotify it is never called.
    ClosingWatch(Loop& loop, int fd, std::function<void()> on_closing);

  private:
    using Clock = std::chrono::steady_clock;
    /// Whether a closing without an opening is among the events that have come.
    [[nodiscard]] bool read_events();

    FileDescriptor inotify_;
    std::deque<Clock::time_point> opened_;  // and not closed yet, since the watch began
    std::function<void()> on_closing_;
    std::unique_ptr<Poll> poll_;
};

}  // namespace exapulse::uv
