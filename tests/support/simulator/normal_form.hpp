// SPDX-License-Identifier: BSD-3-Clause
// The form that every ExaBGP gives a line before it looks for a command in it.
#pragma once

#include <string>
#include <string_view>

namespace exapulse::test {

/// Blanks around commas and on the inner side of brackets, none twice, as `formated()` in ExaBGP's
/// configuration/core has it.
[[nodiscard]] std::string formatted(std::string_view line);

}  // namespace exapulse::test
