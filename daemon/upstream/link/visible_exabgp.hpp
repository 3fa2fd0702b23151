// SPDX-License-Identifier: BSD-3-Clause
// The ExaBGP processes that this host shows, for a search that found none of their sockets or
// pipes.
#pragma once

#include <string>

#include "daemon/upstream/link/upstream_discovery.hpp"

namespace exapulse {

struct VisibleExabgp {
    /// Each ExaBGP whose socket or pipes are where `discovery` does not search, with the line for
    /// the configuration; empty when there is none.
    std::string elsewhere;
    /// An ExaBGP of which neither socket nor pipes are found, where none has any; else empty.
    std::string hidden;
};

[[nodiscard]] VisibleExabgp find_visible_exabgp(const UpstreamDiscovery& discovery);

}  // namespace exapulse
