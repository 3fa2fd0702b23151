// SPDX-License-Identifier: BSD-3-Clause
// RouteKey: by what a route of exapulsed's is found among those that ExaBGP shows. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "common/ip_prefix.hpp"

namespace exapulse::client {

/// Some routes can be told from all others in what ExaBGP shows. Others only belong to a group of
/// which nothing but the number can be compared: flow rules are shown in other words than they were
/// announced in, and ExaBGP 6 shows prefixes without their path identifiers.
struct RouteKey {
    std::string kind;    // "unicast", "label", "vpn", or a family such as "flow", "vpls"
    std::string group;   // "unicast 10.0.0.0/24", "flow": equal for routes that look alike
    bool exact = false;  // its NLRI can be compared as a text
    std::optional<IpPrefix> prefix{};

    /// The family by ExaBGP's name, "ipv4 unicast"; empty: it can't be said.
    [[nodiscard]] std::string family() const;
};

/// Of an NLRI as read_route() writes it.
[[nodiscard]] RouteKey key_of(std::string_view nlri);

/// Whether a family by ExaBGP's name, "l2vpn vpls", has routes of `kind`.
[[nodiscard]] bool has_kind(std::string_view family, std::string_view kind);

}  // namespace exapulse::client
