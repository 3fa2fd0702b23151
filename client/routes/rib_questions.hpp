// SPDX-License-Identifier: BSD-3-Clause
// RibQuestions: asks ExaBGP, through exapulsed, for its peers and for the routes that it sends
// them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "client/exchange/answer.hpp"
#include "client/exchange/endpoint.hpp"
#include "client/routes/rib_peers.hpp"
#include "client/routes/rib_route.hpp"

namespace exapulse::client {

class RibQuestions {
  public:
    /// `dialect`: as `sidecar status` names it. `only`: the address of a peer; ExaBGP may show
    /// others as well.
    RibQuestions(const Endpoint& endpoint, const std::string& dialect,
                 std::optional<std::string> only);

    /// What is known of its peers; empty: nothing.
    [[nodiscard]] std::vector<RibPeer> peers() const;
    /// The routes go to `on_route` as they come, those of one peer after those of another. Throws
    /// Unreachable.
    [[nodiscard]] Verdict routes(const OnRibRoute& on_route) const;

  private:
    [[nodiscard]] Verdict routes_of_6(const OnRibRoute& on_route) const;

    Endpoint endpoint_;
    bool is_6_;
    std::optional<std::string> only_;
};

}  // namespace exapulse::client
