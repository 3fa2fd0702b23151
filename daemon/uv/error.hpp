// SPDX-License-Identifier: BSD-3-Clause
// libuv's error numbers as std::error_code, so that UV_EOF keeps its message.
#pragma once

#include <system_error>

namespace exapulse::uv {

[[nodiscard]] const std::error_category& category();

/// `status` as libuv returns it: negative is an error, anything else is none.
[[nodiscard]] inline std::error_code error(int status) {
    return {status < 0 ? status : 0, category()};
}

/// For calls that fail only if memory or descriptors run out at start.
inline void check(int status, const char* what) {
    if (status < 0) throw std::system_error(error(status), what);
}

}  // namespace exapulse::uv
