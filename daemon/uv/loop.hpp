// SPDX-License-Identifier: BSD-3-Clause
// Loop: libuv's event loop, and the promise that nothing of it is left at the end.
#pragma once

#include <uv.h>

namespace exapulse::uv {

/// Must outlive everything made on it: declare it first. Its destructor runs the loop until every
/// close has finished and asserts that no handle survives.
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
