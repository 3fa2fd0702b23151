// SPDX-License-Identifier: BSD-3-Clause
// RouteText: what the words of a route say apart, its NLRI and its attributes. Pure.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/route_attribute.hpp"

namespace exapulse {

struct RouteText {
    std::string nlri;  ///< with its family; equal for all spellings of one route
    std::vector<RouteAttribute> attributes;  ///< in the order in which they were written
};

/// Reads the tokens() that follow `announce` or `withdraw`, of which there is one or more, and
/// which are no list of prefixes. ExaBGP shows the routes of its Adj-RIB-Out in such words as well,
/// with `unicast` or `multicast` put before those that begin with a prefix. The attributes are
/// views into `words`.
///
/// What is not known to be an attribute is taken for a part of the NLRI, so that two routes never
/// are one by mistake. Not part of it are the value of a label and, in a mup-t1st, all but the
/// prefix and the rd: see index() in ExaBGP's bgp/message/update/nlri. Nor are the actions of a
/// flow rule, see flow_rule.hpp.
[[nodiscard]] RouteText read_route(std::span<const std::string_view> words);

struct ListedRoute {
    std::string_view prefix;
    std::string nlri;  ///< as of a route of its own
};
/// Reads the tokens() that follow `announce` or `withdraw` of a list of prefixes,
/// `attributes ... nlri A B`. The prefixes are views into `words`.
[[nodiscard]] std::vector<ListedRoute> listed_routes(std::span<const std::string_view> words);

/// The command that withdraws what the command `line` announces; empty: it announces nothing.
[[nodiscard]] std::string withdrawal_of(std::string_view line);

}  // namespace exapulse
