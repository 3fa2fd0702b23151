// SPDX-License-Identifier: BSD-3-Clause
// The instances of exapulsed on this host.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace exapulse::client {

/// The names of those that have a socket below `directory`, sorted.
[[nodiscard]] std::vector<std::string> instances_in(const std::string& directory);
/// Those of this host.
[[nodiscard]] std::vector<std::string> instances();

/// Which of `instances` may have been meant, where there is no socket `path`: a text that begins
/// with "; ". Empty: there is nothing to say. Pure.
[[nodiscard]] std::string instance_advice(std::string_view path,
                                          std::span<const std::string> instances);

}  // namespace exapulse::client
