// SPDX-License-Identifier: BSD-3-Clause
#include "client/io/poll_set.hpp"

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <limits>
#include <system_error>

namespace exapulse::client {

using std::chrono::milliseconds;

namespace {

/// What poll(2) takes for a deadline, not too early; nullopt: for ever.
int poll_timeout(std::optional<Clock::time_point> deadline) {
    if (!deadline) return -1;
    const auto left = std::chrono::ceil<milliseconds>(*deadline - Clock::now());
    const auto most = milliseconds(std::numeric_limits<int>::max());
    return static_cast<int>(std::clamp(left, milliseconds(0), most).count());
}

}  // namespace

std::optional<Clock::time_point> earlier(std::optional<Clock::time_point> a,
                                         std::optional<Clock::time_point> b) {
    if (!a || !b) return a ? a : b;
    return std::min(*a, *b);
}

// Without events poll(2) still reports a hang-up, again and again.
PollSet::Slot PollSet::add(int fd, short events) {
    assert(size_ < fds_.size());
    fds_[size_] = {events == 0 ? -1 : fd, events, 0};
    return size_++;
}

bool PollSet::wait(std::optional<Clock::time_point> deadline) {
    for (;;) {
        const int count = poll(fds_.data(), size_, poll_timeout(deadline));
        if (count > 0) return true;
        if (count < 0 && errno != EINTR)
            throw std::system_error(errno, std::generic_category(), "poll");
        if (deadline && Clock::now() >= *deadline) {
            for (pollfd& fd : fds_) fd.revents = 0;
            return false;
        }
    }
}

bool PollSet::readable(Slot slot) const {
    return (fds_[slot].revents & ~POLLOUT) != 0;
}

bool PollSet::writable(Slot slot) const {
    return (fds_[slot].revents & POLLOUT) != 0;
}

}  // namespace exapulse::client
