// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/uv/closing_watch.hpp"

#include <array>
#include <cassert>
#include <cstring>
#include <sys/inotify.h>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>

namespace exapulse::uv {

namespace {

/// A process that opened the file longer ago does not count as a brief visitor: its close is
/// reported.
constexpr std::chrono::seconds longest_visit{5};

}  // namespace

ClosingWatch::ClosingWatch(Loop& loop, int fd, std::function<void()> on_closing)
    : inotify_(inotify_init1(IN_NONBLOCK | IN_CLOEXEC)), on_closing_(std::move(on_closing)) {
    assert(fd >= 0);
    if (!inotify_.is_open()) return;
    // Resolves to the file itself, whatever its name is now.
    const std::string file = fmt::format("/proc/self/fd/{}", fd);
    if (inotify_add_watch(inotify_.get(), file.c_str(), IN_OPEN | IN_CLOSE) < 0) return;
    poll_ = std::make_unique<Poll>(loop, inotify_.get(), [this](int) {
        if (read_events()) deliver(on_closing_);
    });
    poll_->start(UV_READABLE);
}

bool ClosingWatch::read_events() {
    alignas(inotify_event) std::array<char, 4'096> buffer;
    bool closed = false;
    for (;;) {
        const ssize_t got = read(inotify_.get(), buffer.data(), buffer.size());
        if (got <= 0) return closed;
        for (std::size_t at = 0; at + sizeof(inotify_event) <= static_cast<std::size_t>(got);) {
            inotify_event event{};
            std::memcpy(&event, buffer.data() + at, sizeof event);
            at += sizeof event + event.len;
            const auto now = Clock::now();
            while (!opened_.empty() && now - opened_.front() > longest_visit) opened_.pop_front();
            if ((event.mask & IN_OPEN) != 0) opened_.push_back(now);
            const bool closes = (event.mask & IN_CLOSE) != 0;
            closed |= (event.mask & IN_Q_OVERFLOW) != 0 || (closes && opened_.empty());
            if (closes && !opened_.empty()) opened_.pop_front();
        }
    }
}

}  // namespace exapulse::uv
