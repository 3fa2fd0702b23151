// SPDX-License-Identifier: BSD-3-Clause
// Wakeup: lets another thread call back on the loop.
#pragma once

#include <functional>

#include "daemon/uv/handle.hpp"
#include "daemon/uv/loop.hpp"

namespace exapulse::uv {

/// Several calls of send() may lead to one call back. The other thread must have ended before the
/// Wakeup does.
class Wakeup {
  public:
    Wakeup(Loop& loop, std::function<void()> on_wake);

    /// The only method that any thread may call.
    void send() { uv_async_send(handle_.get()); }

  private:
    std::function<void()> on_wake_;
    UniqueHandle<uv_async_t> handle_;
};

}  // namespace exapulse::uv
