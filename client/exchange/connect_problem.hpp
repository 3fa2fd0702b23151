// SPDX-License-Identifier: BSD-3-Clause
// Why exapulsed can't be reached, and what to do about it.
#pragma once

#include <chrono>
#include <string>

namespace exapulse::client {

/// In words for an operator. `error` is what connect(2) left in errno for `path`; for a refused
/// permission the socket, its directories and the caller's groups are checked.
[[nodiscard]] std::string connect_problem(const std::string& path, int error);

/// Nothing came from it, so long after it was asked.
[[nodiscard]] std::string silent_socket(const std::string& path, std::chrono::milliseconds time);

/// The server at `path` does not speak exapulsed's protocol.
[[nodiscard]] std::string foreign_socket(const std::string& path);

}  // namespace exapulse::client
