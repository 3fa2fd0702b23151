// SPDX-License-Identifier: BSD-3-Clause
// AfterRead: calls back once, after the loop has read all input that has arrived.
#pragma once

#include <functional>

#include "daemon/uv/handle.hpp"
#include "daemon/uv/loop.hpp"

namespace exapulse::uv {

/// libuv calls timers before it reads: after the process itself was paused (SIGSTOP, a suspended
/// machine) a timer could take input for missing that only waits to be read.
/// Destroying it, also from within its own callback, cancels it.
class AfterRead {
  public:
    AfterRead(Loop& loop, std::function<void()> on_read);

    /// Calls back once, in this turn of the loop or the next.
    void start();

  private:
    void stop();

    std::function<void()> on_read_;
    UniqueHandle<uv_idle_t> dont_wait_;  // an idle handle makes the loop poll without waiting
    UniqueHandle<uv_check_t> read_;
};

}  // namespace exapulse::uv
