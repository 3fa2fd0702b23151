// SPDX-License-Identifier: BSD-3-Clause
// WriteWatch: reports that other programs open or write a file that this one also writes.
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
    /// What other programs have done.
    struct Visit {
        bool opened = false;
        bool written = false;
    };

    /// `fd` is the file; it need not stay open. Calls `on_visit` when take_visit() has something.
    WriteWatch(Loop& loop, int fd, std::function<void()> on_visit);

    /// Whether the kernel supports it and there was a descriptor; otherwise nothing is ever
    /// reported.
    [[nodiscard]] bool works() const { return poll_ != nullptr; }

    /// What has happened since the last call, up to this moment.
    [[nodiscard]] Visit take_visit();

    /// Call around each write of this program, which is not a visit. The kernel merges another
    /// program's write in between with this one, so it is not reported.
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
