// SPDX-License-Identifier: BSD-3-Clause
// nearest(): the known name that a mistyped one probably meant. Pure.
#pragma once

#include <span>
#include <string_view>

namespace exapulse {

/// The name in `known` with the smallest edit distance from `typed`; empty if even that one is too
/// far off (more than a third of its letters) to suggest.
[[nodiscard]] std::string_view nearest(std::string_view typed,
                                       std::span<const std::string_view> known);

}  // namespace exapulse
