// SPDX-License-Identifier: BSD-3-Clause
// RouteDoubts: what ExaBGP's routes show of the commands whose outcome is unknown. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "client/routes/expected_routes.hpp"
#include "client/routes/route_comparison.hpp"

namespace exapulse::client {

/// An announcement was carried out if its route is there with its attributes, a withdrawal if none
/// of the routes is there that it was to withdraw. Where ExaBGP's view fits both, nothing is said.
class RouteDoubts {
  public:
    /// Takes a line of `sidecar routes`; those that are certain are none of its business.
    void add(const nlohmann::json& line);
    [[nodiscard]] bool any() const { return !doubts_.empty(); }

    /// As RouteComparison has it.
    void begin(const std::vector<RibPeer>& peers);
    void see(std::string_view peer, const RibRoute& route);
    /// All were seen, also by `comparison`, whose findings lose what this explains, and get the
    /// outcomes.
    void end(const ExpectedRoutes& certain, const RouteComparison& comparison,
             RouteFindings& findings);

  private:
    using Index = ExpectedRoutes::Index;
    struct Doubt {
        std::uint64_t number;
        std::string nlri, peers, command;
        std::optional<Index> announced{};  // its place in announced_; nullopt: it withdraws
    };
    [[nodiscard]] std::optional<bool> was_announced(const Doubt& doubt,
                                                    const ExpectedRoutes& certain,
                                                    const RouteFindings& shown) const;
    [[nodiscard]] std::optional<bool> was_withdrawn(const Doubt& doubt,
                                                    const ExpectedRoutes& certain,
                                                    const RouteComparison& comparison,
                                                    RouteFindings& findings) const;

    std::vector<Doubt> doubts_;
    ExpectedRoutes announced_;  // as if the announcements had been carried out
    std::optional<RouteComparison> comparison_;
};

}  // namespace exapulse::client
