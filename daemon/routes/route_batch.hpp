// SPDX-License-Identifier: BSD-3-Clause
// RouteBatch: routes with equal attributes, announced by one command. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace exapulse {

/// A route that one command can announce together with others whose `start` is equal.
struct BatchedRoute {
    std::string start;   ///< `[SELECTOR] announce attributes ... nlri`
    std::string prefix;  ///< that follows it
};

/// `line`: the command that announces it and nothing else. nullopt: it can't be announced so, or
/// not by every version of ExaBGP; only unicast routes with common attributes can.
[[nodiscard]] std::optional<BatchedRoute> batched_route(std::string_view line);

/// The longest line that is made so. One write to a pipe of 4.2 or 5.0 stays whole up to there.
inline constexpr std::size_t longest_batch = 4000;

}  // namespace exapulse
