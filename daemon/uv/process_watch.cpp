// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/uv/process_watch.hpp"

#include <cassert>
#include <sys/syscall.h>
#include <unistd.h>
#include <utility>

namespace exapulse::uv {

ProcessWatch::ProcessWatch(Loop& loop, pid_t pid, std::function<void()> on_end)
    : pidfd_(static_cast<int>(syscall(SYS_pidfd_open, pid, 0))) {
    assert(pid > 0);
    if (!pidfd_.is_open()) return;
    poll_ = std::make_unique<Poll>(loop, pidfd_.get(), [this, on_end = std::move(on_end)](int) {
        poll_.reset();  // this is a copy of its callback: see deliver()
        on_end();
    });
    poll_->start(UV_READABLE);
}

}  // namespace exapulse::uv
