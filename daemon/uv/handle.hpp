// SPDX-License-Identifier: BSD-3-Clause
// UniqueHandle: owns a libuv handle from its init to its close callback.
#pragma once

#include <cassert>
#include <functional>
#include <memory>
#include <utility>

#include <uv.h>

#include "daemon/uv/error.hpp"

namespace exapulse::uv {

/// libuv still uses a handle's memory after uv_close() until its close callback has run, so the
/// memory is freed there. `data` is the owner, and null once the owner is destroyed: see deliver().
template <typename H>
struct CloseHandle {
    void operator()(H* handle) const noexcept {
        assert(uv_is_closing(reinterpret_cast<uv_handle_t*>(handle)) == 0);
        handle->data = nullptr;
        uv_close(reinterpret_cast<uv_handle_t*>(handle),
                 [](uv_handle_t* closed) { delete reinterpret_cast<H*>(closed); });
    }
};

template <typename H>
using UniqueHandle = std::unique_ptr<H, CloseHandle<H>>;

/// `data` is the owner. `init` calls uv_*_init() for the handle that it gets. A handle whose init
/// failed must not be closed.
template <typename H, typename Init>
[[nodiscard]] UniqueHandle<H> make_handle(void* data, const char* what, Init init) {
    assert(data != nullptr);
    auto fresh = std::make_unique<H>();
    check(init(fresh.get()), what);
    fresh->data = data;
    return UniqueHandle<H>(fresh.release());
}

/// Calls a copy of `callback`, so that the call may destroy the object that it is a member of.
template <typename... Parameters, typename... Arguments>
void deliver(std::function<void(Parameters...)> callback, Arguments&&... arguments) {
    assert(callback);
    callback(std::forward<Arguments>(arguments)...);
}

/// The body of every libuv callback: calls `callback` of the handle's owner, unless the owner has
/// been destroyed. The call may destroy the owner.
template <typename H, typename Owner, typename... Parameters, typename... Arguments>
void deliver(const H* handle, std::function<void(Parameters...)> Owner::*callback,
             Arguments&&... arguments) {
    if (auto* owner = static_cast<Owner*>(handle->data))
        deliver(owner->*callback, std::forward<Arguments>(arguments)...);
}

/// The same with a method, which must not use the owner after a call that may destroy it.
template <typename H, typename Owner, typename... Parameters, typename... Arguments>
void deliver(const H* handle, void (Owner::*method)(Parameters...), Arguments&&... arguments) {
    if (auto* owner = static_cast<Owner*>(handle->data))
        (owner->*method)(std::forward<Arguments>(arguments)...);
}

}  // namespace exapulse::uv
