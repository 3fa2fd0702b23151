// SPDX-License-Identifier: BSD-3-Clause
// Timer: calls back once, after a delay.
#pragma once

#include <chrono>
#include <functional>

#include "daemon/uv/handle.hpp"
#include "daemon/uv/loop.hpp"

namespace exapulse::uv {

/// Destroying it, also from within its own callback, cancels it.
class Timer {
  public:
    Timer(Loop& loop, std::function<void()> on_time);

    /// Calls back once, after `delay` (rounded up to whole milliseconds; zero: in the next turn of
    /// the loop). Replaces an earlier start.
    void start(std::chrono::nanoseconds delay);
    void stop() { uv_timer_stop(handle_.get()); }
    [[nodiscard]] bool active() const;

  private:
    std::function<void()> on_time_;
    UniqueHandle<uv_timer_t> handle_;
};

}  // namespace exapulse::uv
