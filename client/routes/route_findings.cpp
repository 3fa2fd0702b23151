// SPDX-License-Identifier: BSD-3-Clause
#include "client/routes/route_findings.hpp"

#include <algorithm>

namespace exapulse::client {

std::size_t RouteFindings::count(RouteFinding::What what) const {
    return static_cast<std::size_t>(
        std::count_if(wrong.begin(), wrong.end(),
                      [what](const auto& finding) { return finding.second.what == what; }));
}

std::string name_of(RouteFinding::What what) {
    switch (what) {
        case RouteFinding::What::Missing:
            return "missing";
        case RouteFinding::What::Different:
            return "different";
        case RouteFinding::What::NotWithdrawn:
            return "not-withdrawn";
        case RouteFinding::What::NoSuchPeer:
            return "no-such-peer";
    }
    return {};
}

}  // namespace exapulse::client
