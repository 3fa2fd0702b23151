// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/uv/timer.hpp"

#include <algorithm>

namespace exapulse::uv {

Timer::Timer(Loop& loop, std::function<void()> on_time)
    : on_time_(std::move(on_time)),
      handle_(make_handle<uv_timer_t>(this, "uv_timer_init", [&](uv_timer_t* timer) {
          return uv_timer_init(loop.get(), timer);
      })) {}

void Timer::start(std::chrono::nanoseconds delay) {
    const auto ms = std::chrono::ceil<std::chrono::milliseconds>(delay).count();
    uv_update_time(handle_->loop);  // otherwise the duration of this turn would be subtracted
    uv_timer_start(
        handle_.get(), [](uv_timer_t* handle) { deliver(handle, &Timer::on_time_); },
        static_cast<std::uint64_t>(std::max<decltype(ms)>(ms, 0)), 0);
}

bool Timer::active() const {
    return uv_is_active(reinterpret_cast<const uv_handle_t*>(handle_.get())) != 0;
}

}  // namespace exapulse::uv
