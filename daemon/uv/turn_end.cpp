// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/uv/turn_end.hpp"

namespace exapulse::uv {

TurnEnd::TurnEnd(Loop& loop, std::function<void()> on_end)
    : on_end_(std::move(on_end)),
      handle_(make_handle<uv_prepare_t>(this, "uv_prepare_init", [&](uv_prepare_t* prepare) {
          return uv_prepare_init(loop.get(), prepare);
      })) {
    uv_prepare_start(handle_.get(),
                     [](uv_prepare_t* handle) { deliver(handle, &TurnEnd::on_end_); });
}

}  // namespace exapulse::uv
