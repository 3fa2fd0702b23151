// SPDX-License-Identifier: BSD-3-Clause
// FlowRule: reads a flow rule, in each of the ways in which ExaBGP has them. Pure.
#pragma once

#include <span>
#include <string_view>

#include "common/route_text.hpp"

namespace exapulse {

/// Whether the tokens() that follow `announce` or `withdraw` are of a flow rule: `flow route NAME {
/// match { ... } then { ... } }`, `flow route source ... discard`, `ipv4 flow source ... discard`.
/// ExaBGP shows them like the last one.
[[nodiscard]] bool is_flow_rule(std::span<const std::string_view> words);

/// As read_route() has it. The name, the actions and the `scope` are no part of the NLRI. Its
/// family is said where the prefixes do not show it, or show another.
[[nodiscard]] RouteText read_flow_rule(std::span<const std::string_view> words);

}  // namespace exapulse
