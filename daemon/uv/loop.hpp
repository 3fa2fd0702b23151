// SPDX-License-Identifier: BSD-3-Clause
// Loop: libuv's event loop, which leaves nothing behind.
#pragma once

#include <uv.h>

namespace exapulse::uv {

/// Must outlive everything created on it: declare it first. Its destructor runs the loop until
/// every close has finished, and asserts that no handle is left.
class Loop {
  public:
    Loop();
    ~Loop();
    Loop(const Loop&) = delete;
    Loop& operator=(const Loop&) = delete;

    void run() { uv_run(&loop_, UV_RUN_DEFAULT); }
    void stop() { uv_stop(&loop_); }
    [[nodiscard]] uv_loop_t* get() { return &loop_; }

  private:
    uv_loop_t loop_{};
};

}  // namespace exapulse::uv
