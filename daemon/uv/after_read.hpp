// SPDX-License-Identifier: BSD-3-Clause
// AfterRead: calls back once, after the loop has read what has arrived.
#pragma once

#include <functional>

#include "daemon/uv/handle.hpp"
#include "daemon/uv/loop.hpp"

namespace exapulse::uv {

/// libuv calls timers before it reads: after a pause of the process itself (SIGSTOP, a machine that
/// was suspended) a timer would judge what has not arrived while it is there to be read.
/// Destroying it, also from within its own callback, cancels it.
class AfterRead {
  public:
    AfterRead(Loop& loop, std::function<void()> on_read);

    /// Once, in this turn of the loop or the next.
    void start();

  private:
    void stop();

    std::function<void()> on_read_;
    UniqueHandle<uv_idle_t> dont_wait_;  // an idle handle makes the loop poll without waiting
    UniqueHandle<uv_check_t> read_;
};

}  // namespace exapulse::uv
