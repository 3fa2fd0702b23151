// SPDX-License-Identifier: BSD-3-Clause
// The v4 spellings of ExaBGP's commands. Pure.
#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace exapulse::test {

/// Whether `line` begins with the words of `start`.
[[nodiscard]] bool begins_with(std::span<const std::string_view> line,
                               std::span<const std::string_view> start);

/// The v6 words for a line written for v4; empty if v4 refuses it.
[[nodiscard]] std::vector<std::string_view> translate_v4(std::span<const std::string_view> line);

}  // namespace exapulse::test
