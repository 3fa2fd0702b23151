// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/uv/next_turn.hpp"

namespace exapulse::uv {

NextTurn::NextTurn(Loop& loop, std::function<void()> on_turn)
    : on_turn_(std::move(on_turn)),
      handle_(make_handle<uv_idle_t>(
          this, "uv_idle_init", [&](uv_idle_t* idle) { return uv_idle_init(loop.get(), idle); })) {}

void NextTurn::ask() {
    uv_idle_start(handle_.get(), [](uv_idle_t* handle) {
        uv_idle_stop(handle);
        deliver(handle, &NextTurn::on_turn_);
    });
}

}  // namespace exapulse::uv
