// SPDX-License-Identifier: BSD-3-Clause
// Poll: reports when a descriptor that libuv has no stream for can be read or written.
#pragma once

#include <functional>

#include "daemon/uv/handle.hpp"
#include "daemon/uv/loop.hpp"

namespace exapulse::uv {

/// Does not own the descriptor, which must stay open until the Poll is destroyed. Destroying it,
/// also from within its own callback, ends the polling.
class Poll {
  public:
    /// `events` as in uv_poll_event; 0: the descriptor has failed (POLLERR), and there will be no
    /// further calls.
    using OnEvents = std::function<void(int events)>;

    Poll(Loop& loop, int fd, OnEvents on_events);

    /// Replaces the events to wait for. UV_DISCONNECT alone waits only for a failure.
    void start(int events);

  private:
    OnEvents on_events_;
    UniqueHandle<uv_poll_t> handle_;
};

}  // namespace exapulse::uv
