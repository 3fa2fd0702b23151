// SPDX-License-Identifier: BSD-3-Clause
// WorkSlice: how long the lines of one client are handled at a time.
#pragma once

#include <chrono>
#include <cstddef>

#include "common/time.hpp"

namespace exapulse {

/// Reads the clock only now and then, since handling a line may take less than that.
class WorkSlice {
  public:
    /// `now` is the time, and is kept up to date; it outlives this.
    WorkSlice(TimePoint& now, std::chrono::microseconds length) : now_(now), until_(now + length) {}

    /// A line of `bytes` was handled: sent to ExaBGP, or answered by exapulsed, which may take
    /// long.
    void spend(std::size_t bytes, bool answered) {
        unclocked_ += cost_of_line + bytes;
        if (!answered && unclocked_ < bytes_per_clock_read) return;
        unclocked_ = 0;
        now_ = std::chrono::steady_clock::now();
    }
    [[nodiscard]] bool is_over() const { return now_ >= until_; }

  private:
    /// The cost of a line that is sent to ExaBGP, as bytes of input, and the bytes after which the
    /// clock is read: about 20 us.
    static constexpr std::size_t cost_of_line = 128;
    static constexpr std::size_t bytes_per_clock_read = 4'096;

    TimePoint& now_;
    TimePoint until_;
    std::size_t unclocked_ = 0;  // bytes since the clock was last read
};

}  // namespace exapulse
