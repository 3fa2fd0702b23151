// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/uv/signal.hpp"

namespace exapulse::uv {

Signal::Signal(Loop& loop, int number, std::function<void()> on_signal)
    : on_signal_(std::move(on_signal)),
      handle_(make_handle<uv_signal_t>(this, "uv_signal_init", [&](uv_signal_t* signal) {
          return uv_signal_init(loop.get(), signal);
      })) {
    const auto deliver = [](uv_signal_t* handle, int) {
        if (handle->data != nullptr) static_cast<Signal*>(handle->data)->on_signal_();
    };
    check(uv_signal_start(handle_.get(), deliver, number), "uv_signal_start");
}

}  // namespace exapulse::uv
