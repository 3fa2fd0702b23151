// SPDX-License-Identifier: BSD-3-Clause
// RibRoute: a route of ExaBGP's Adj-RIB-Out, as its versions show it. Pure.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "client/routes/comparable_attributes.hpp"

namespace exapulse::client {

struct RibRoute {
    /// As read_route() writes it, or, where ExaBGP 6 does not show all of it, what is known of it.
    std::string nlri;
    bool whole = true;                                 // it is all of it
    std::optional<ComparableAttributes> attributes{};  // nullopt: they are not shown
};

/// `peer` is ExaBGP's name for it, "neighbor 192.0.2.1 local-ip ...", or only its address.
using OnRibRoute = std::function<void(std::string_view peer, RibRoute route)>;

/// A line of `show adj-rib out extensive`. False: it is none.
bool read_rib_text(std::string_view line, const OnRibRoute& on_route);
/// A line of ExaBGP 6's `rib show out`.
bool read_rib_json(std::string_view line, const OnRibRoute& on_route);
/// The answer to ExaBGP 6's `peer ... routes list`, which is one line.
bool read_route_list(std::string_view line, const OnRibRoute& on_route);

}  // namespace exapulse::client
