// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/uv/loop.hpp"

#include <cassert>
#include <cstdio>

#include "daemon/uv/error.hpp"

namespace exapulse::uv {

Loop::Loop() {
    check(uv_loop_init(&loop_), "uv_loop_init");
}

Loop::~Loop() {
    // Only closes should be left: a handle still active here is a leak.
    while (uv_run(&loop_, UV_RUN_NOWAIT) != 0 && uv_loop_alive(&loop_) != 0) {
        bool closing_only = true;
        uv_walk(
            &loop_,
            [](uv_handle_t* handle, void* only) {
                if (uv_is_closing(handle) == 0) *static_cast<bool*>(only) = false;
            },
            &closing_only);
        if (!closing_only) break;
    }
    if (uv_loop_close(&loop_) == 0) return;
    uv_print_all_handles(&loop_, stderr);
    assert(false && "a libuv handle outlives its loop");
}

}  // namespace exapulse::uv
