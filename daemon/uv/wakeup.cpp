// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/uv/wakeup.hpp"

namespace exapulse::uv {

Wakeup::Wakeup(Loop& loop, std::function<void()> on_wake)
    : on_wake_(std::move(on_wake)),
      handle_(make_handle<uv_async_t>(this, "uv_async_init", [&](uv_async_t* async) {
          return uv_async_init(loop.get(), async,
                               [](uv_async_t* handle) { deliver(handle, &Wakeup::on_wake_); });
      })) {}

}  // namespace exapulse::uv
