// SPDX-License-Identifier: BSD-3-Clause
// The form that every ExaBGP gives a line before it searches for a command in it.
#pragma once

#include <string>
#include <string_view>

namespace exapulse::test {

/// Single spaces around commas and on the inner side of brackets, as by `formated()` in ExaBGP's
/// configuration/core.
[[nodiscard]] std::string formatted(std::string_view line);

}  // namespace exapulse::test
