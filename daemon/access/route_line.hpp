// SPDX-License-Identifier: BSD-3-Clause
// RouteLine: the one prefix that a line announces or withdraws, where that is certain. Pure.
#pragma once

#include <optional>
#include <string>

#include "common/ip_prefix.hpp"
#include "daemon/exabgp/request.hpp"

namespace exapulse {

struct RouteLine {
    std::optional<IpPrefix> prefix;
    std::string_view text;  ///< the prefix as it is written
    std::string problem;    ///< where there is no prefix: why it can't be told
};

/// Of `announce route PREFIX ...`, `announce ipv4 unicast PREFIX ...` and their like, with or
/// without a selector, and only where every other word is one of an attribute that is known to
/// carry no further route. Everything else has a problem: a list of routes, a flow rule, a raw
/// attribute, a quotation.
[[nodiscard]] RouteLine read_route(const Request& request);

}  // namespace exapulse
