// SPDX-License-Identifier: BSD-3-Clause
// UniqueHandle: owns one libuv handle from its init to the callback of its close.
#pragma once

#include <memory>
#include <utility>

#include <uv.h>

#include "daemon/uv/error.hpp"

namespace exapulse::uv {

/// libuv still uses a handle's memory after uv_close() until its close callback has run, so the
/// memory is freed there. `data` is null from the owner's end on: every callback looks first.
template <typename H>
struct CloseHandle {
    void operator()(H* handle) const noexcept {
        handle->data = nullptr;
        uv_close(reinterpret_cast<uv_handle_t*>(handle),
                 [](uv_handle_t* closed) { delete reinterpret_cast<H*>(closed); });
    }
};

template <typename H>
using UniqueHandle = std::unique_ptr<H, CloseHandle<H>>;

/// `init` is uv_*_init() for the handle it is given. One that fails must not be closed.
template <typename H, typename Init>
[[nodiscard]] UniqueHandle<H> make_handle(void* data, const char* what, Init init) {
    auto fresh = std::make_unique<H>();
    check(init(fresh.get()), what);
    fresh->data = data;
    return UniqueHandle<H>(fresh.release());
}

}  // namespace exapulse::uv
