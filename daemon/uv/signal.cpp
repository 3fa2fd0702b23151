// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/uv/signal.hpp"

namespace exapulse::uv {

Signal::Signal(Loop& loop, int number, std::function<void()> on_signal)
    : on_signal_(std::move(on_signal)),
      handle_(make_handle<uv_signal_t>(this, "uv_signal_init", [&](uv_signal_t* signal) {
          return uv_signal_init(loop.get(), signal);
      })) {
    const auto on_signal_now = [](uv_signal_t* handle, int) {
        deliver(handle, &Signal::on_signal_);
    };
    check(uv_signal_start(handle_.get(), on_signal_now, number), "uv_signal_start");
}

}  // namespace exapulse::uv
