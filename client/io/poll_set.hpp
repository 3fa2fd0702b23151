// SPDX-License-Identifier: BSD-3-Clause
// PollSet: descriptors that are waited for together, with a deadline. The client's only way to
// wait for several things at once.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <optional>
#include <poll.h>

namespace exapulse::client {

using Clock = std::chrono::steady_clock;

/// nullopt: never.
[[nodiscard]] std::optional<Clock::time_point> earlier(std::optional<Clock::time_point> a,
                                                       std::optional<Clock::time_point> b);

/// One is made for each wait; nothing is allocated.
class PollSet {
  public:
    /// Tells the descriptors of a set apart.
    using Slot = std::size_t;

    /// `events` as for poll(2). Without events, or below 0, the descriptor is never ready.
    Slot add(int fd, short events = POLLIN);

    /// Until one of them is ready, or `deadline` is over: false. Signals that interrupt poll(2)
    /// don't end the wait.
    [[nodiscard]] bool wait(std::optional<Clock::time_point> deadline);

    /// Whether read(2) has something to return; a hang-up and an error count.
    [[nodiscard]] bool readable(Slot slot) const;
    [[nodiscard]] bool writable(Slot slot) const;

  private:
    static constexpr std::size_t most = 5;

    std::array<pollfd, most> fds_{};
    std::size_t size_ = 0;
};

}  // namespace exapulse::client
