// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/uv/after_read.hpp"

namespace exapulse::uv {

AfterRead::AfterRead(Loop& loop, std::function<void()> on_read)
    : on_read_(std::move(on_read)),
      dont_wait_(make_handle<uv_idle_t>(
          this, "uv_idle_init", [&](uv_idle_t* idle) { return uv_idle_init(loop.get(), idle); })),
      read_(make_handle<uv_check_t>(this, "uv_check_init", [&](uv_check_t* check) {
          return uv_check_init(loop.get(), check);
      })) {}

void AfterRead::start() {
    uv_idle_start(dont_wait_.get(), [](uv_idle_t*) {});
    uv_check_start(read_.get(), [](uv_check_t* handle) {
        deliver(handle, &AfterRead::stop);
        deliver(handle, &AfterRead::on_read_);
    });
}

void AfterRead::stop() {
    uv_idle_stop(dont_wait_.get());
    uv_check_stop(read_.get());
}

}  // namespace exapulse::uv
