// SPDX-License-Identifier: BSD-3-Clause
// read_flow_rule(): what a flow rule is about, in whichever form ExaBGP reads or shows it. Pure.
#pragma once

#include <span>
#include <string_view>

#include "common/route_text.hpp"

namespace exapulse {

/// Whether the tokens() that follow `announce` or `withdraw` are of a flow rule: `flow route NAME {
/// match { ... } then { ... } }`, `flow route source ... discard`, `ipv4 flow source ... discard`.
/// ExaBGP shows them like the last one.
[[nodiscard]] bool is_flow_rule(std::span<const std::string_view> words);

/// The same result as read_route(). The name, the actions and the `scope` are not part of the NLRI.
/// The NLRI names its address family only where the prefixes do not show it, or show another.
[[nodiscard]] RouteText read_flow_rule(std::span<const std::string_view> words);

}  // namespace exapulse
