// SPDX-License-Identifier: BSD-3-Clause
// RouteKey: by what a route of exapulsed's is found among those that ExaBGP shows. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "common/ip_prefix.hpp"

namespace exapulse::client {

/// Most routes can be told from all others in what ExaBGP shows. Some only belong to a group of
/// which nothing but the number can be compared: it may show a rule in other words than it was
/// announced in, and ExaBGP 6 shows prefixes without their path identifiers.
struct RouteKey {
    std::string kind;      // "unicast", "label", "vpn", or a family such as "flow", "vpls"
    std::string group;     // "unicast 10.0.0.0/24", "flow": equal for routes that look alike
    std::string text;      // where it is equal, it is the same route
    bool exact = false;    // where it is not, it is another
    std::string family{};  // by ExaBGP's name, "ipv4 unicast"; empty: it can't be said
    std::optional<IpPrefix> prefix{};
};

/// Of an NLRI as read_route() writes it.
[[nodiscard]] RouteKey key_of(std::string_view nlri);

/// Whether a family by ExaBGP's name, "l2vpn vpls", has routes of `kind`.
[[nodiscard]] bool has_kind(std::string_view family, std::string_view kind);

}  // namespace exapulse::client
