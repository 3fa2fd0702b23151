// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/uv/poll.hpp"

#include <cassert>

namespace exapulse::uv {

Poll::Poll(Loop& loop, int fd, OnEvents on_events)
    : on_events_(std::move(on_events)),
      handle_(make_handle<uv_poll_t>(this, "uv_poll_init", [&](uv_poll_t* poll) {
          return uv_poll_init(loop.get(), poll, fd);
      })) {
    assert(fd >= 0);
}

void Poll::start(int events) {
    assert(events != 0);
    uv_poll_start(handle_.get(), events, [](uv_poll_t* handle, int status, int happened) {
        deliver(handle, &Poll::on_events_, status < 0 ? 0 : happened);
    });
}

}  // namespace exapulse::uv
