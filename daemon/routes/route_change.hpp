// SPDX-License-Identifier: BSD-3-Clause
// RouteChange: what a command does to one route of ExaBGP's Adj-RIB-Out. Pure.
#pragma once

#include <string>
#include <vector>

#include "daemon/exabgp/request.hpp"

namespace exapulse {

/// A route is known by the peers it goes to, its family and its NLRI, as in ExaBGP's own tables
/// (NLRI.index() in bgp/message/update/nlri): the path identifier and the route distinguisher
/// count, the value of a label does not.
struct RouteChange {
    bool announces = false;  ///< else it withdraws
    std::string nlri;        ///< with its family; equal for all spellings of one route
    std::string peers;       ///< equal for all spellings of the same ones; empty: every peer
    std::string line;        ///< the command that does this and nothing else
};

/// The changes that `request` makes once ExaBGP has answered `done`, in their order: one for each
/// prefix of `attributes ... nlri` and for each command of a group in one line. Empty: it changes
/// no route. A watchdog counts as a route, since its state is part of what is announced.
///
/// Attributes are no part of a route; what is not known to be one is taken for a part of the NLRI,
/// so that two routes never are one by mistake. A route that was announced with a word that is not
/// known here is withdrawn by a command that has that word as well.
[[nodiscard]] std::vector<RouteChange> route_changes(const Request& request);

}  // namespace exapulse
