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
/// A process that opens the file for a moment and closes it again is not reported. Destroying it,
/// also from within its own callback, ends the watch.
class ClosingWatch {
  public:
    /// `fd` is the file; it need not stay open. Calls `on_closing` after such a close, and when
    /// events were lost. Where inotify is not available it is never called.
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
