// SPDX-License-Identifier: BSD-3-Clause
// WriteWatch: tells what other programs do with a file that this one writes, too.
#pragma once

#include <functional>
#include <memory>

#include "common/file_descriptor.hpp"
#include "daemon/uv/poll.hpp"

namespace exapulse::uv {

/// Uses inotify(7), which covers the processes of every PID namespace and needs no right over them.
/// Destroying it, also from within its own callback, ends the watch.
class WriteWatch {
  public:
    /// What others have done.
    struct Visit {
        bool opened = false;
        bool written = false;
    };

    /// `fd` is the file; it need not stay open. `on_visit` is called when something has happened
    /// that take_visit() tells.
    WriteWatch(Loop& loop, int fd, std::function<void()> on_visit);

    /// Whether the kernel tells anything; otherwise nothing is ever told.
    [[nodiscard]] bool works() const { return poll_ != nullptr; }

    /// What has happened since the last call, up to this moment.
    [[nodiscard]] Visit take_visit();

    /// This program is about to write, and has written: that is no visit. Another's write in
    /// between is one event with this one for the kernel, and not told.
    void before_writing() { read_events(0); }
    void after_writing() { read_events(1); }

  private:
    void read_events(int own_writes);

    FileDescriptor inotify_;
    Visit visit_;  // not taken yet
    std::function<void()> on_visit_;
    std::unique_ptr<Poll> poll_;
};

}  // namespace exapulse::uv
