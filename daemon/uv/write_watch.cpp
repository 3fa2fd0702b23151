// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/uv/write_watch.hpp"

#include <array>
#include <cassert>
#include <cstring>
#include <sys/inotify.h>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>

namespace exapulse::uv {

WriteWatch::WriteWatch(Loop& loop, int fd, std::function<void()> on_visit)
    : inotify_(inotify_init1(IN_NONBLOCK | IN_CLOEXEC)), on_visit_(std::move(on_visit)) {
    assert(fd >= 0);
    if (!inotify_.is_open()) return;
    // Resolves to the file itself, whatever its name is now.
    const std::string file = fmt::format("/proc/self/fd/{}", fd);
    if (inotify_add_watch(inotify_.get(), file.c_str(), IN_OPEN | IN_MODIFY) < 0) return;
    poll_ = std::make_unique<Poll>(loop, inotify_.get(), [this](int) {
        read_events(0);
        if (visit_.opened || visit_.written) deliver(on_visit_);
    });
    poll_->start(UV_READABLE);
}

WriteWatch::Visit WriteWatch::take_visit() {
    read_events(0);
    return std::exchange(visit_, {});
}

void WriteWatch::read_events(int own_writes) {
    if (!works()) return;
    alignas(inotify_event) std::array<char, 4'096> buffer;
    for (;;) {
        const ssize_t got = read(inotify_.get(), buffer.data(), buffer.size());
        if (got <= 0) return;
        for (std::size_t at = 0; at + sizeof(inotify_event) <= static_cast<std::size_t>(got);) {
            inotify_event event{};
            std::memcpy(&event, buffer.data() + at, sizeof event);
            at += sizeof event + event.len;
            const bool lost = (event.mask & IN_Q_OVERFLOW) != 0;
            if ((event.mask & IN_OPEN) != 0 || lost) visit_.opened = true;
            if ((event.mask & IN_MODIFY) != 0 && own_writes-- <= 0) visit_.written = true;
            if (lost) visit_.written = true;
        }
    }
}

}  // namespace exapulse::uv
