// SPDX-License-Identifier: BSD-3-Clause
// SimulatedRib: the routes announced through the simulated ExaBGP, and their command forms. Pure.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace exapulse::test {

/// Routes towards the one simulated peer. Only prefix and next-hop of a route are parsed.
class SimulatedRib {
  public:
    static constexpr std::string_view peer = "127.0.0.1";
    /// The name that selectors are matched with.
    static constexpr std::string_view peer_name =
        "neighbor 127.0.0.1 local-ip 127.0.0.1 local-as 65000 peer-as 65001 router-id 10.0.0.9 "
        "family-allowed in-open";

    using Words = std::span<const std::string_view>;

    /// Whether a command was executed and, if ExaBGP says so, why not.
    struct Outcome {
        bool ok = true;
        std::string detail{};
    };

    /// `what` is "announce" or "withdraw"; `route` what follows it: `route 10.0.0.0/24 next-hop
    /// 192.0.2.1`, `ipv4 unicast ...`, `attributes ... nlri ...`. Other known types are accepted
    /// without effect.
    Outcome change(std::string_view what, Words route);

    struct GroupOutcome {
        int announced = 0;
        int withdrawn = 0;
        std::vector<std::string> errors{};
    };
    GroupOutcome change_group(const std::vector<std::string>& commands);

    struct Route {
        std::string family, prefix, next_hop;
    };
    /// In the order of their first announcement.
    [[nodiscard]] const std::vector<Route>& routes() const { return routes_; }

    /// The lines of `rib show out`.
    [[nodiscard]] std::vector<std::string> show(bool json) const;

    /// The line of `peer <sel> routes list`.
    [[nodiscard]] std::string list() const;

    void clear() {
        routes_.clear();
        announced_.clear();
    }

    /// The prefixes of routes().
    [[nodiscard]] std::vector<std::string> prefixes() const;

  private:
    /// `next-hop 192.0.2.1 ... nlri 10.0.0.0/24 10.0.1.0/24`: each prefix is a route.
    Outcome change_list(std::string_view what, Words list);
    /// How many routes the words named: 0 or 1.
    Outcome change_unicast(std::string_view what, Words route);

    std::vector<Route> routes_;
    std::unordered_set<std::string> announced_;  // their prefixes, since most routes are new
};

}  // namespace exapulse::test
