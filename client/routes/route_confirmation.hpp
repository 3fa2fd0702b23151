// SPDX-License-Identifier: BSD-3-Clause
// RouteConfirmation: which findings still hold, and which routes to announce again. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <unordered_set>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "client/routes/route_findings.hpp"

namespace exapulse::client {

/// Between the question for the ledger and that for ExaBGP's routes, clients announce and withdraw.
/// What the ledger still says when it is asked again, after both, was so all the time: an entry
/// that has changed has another number.
class RouteConfirmation {
  public:
    /// `findings` outlive it, and lose what does not hold. `last`: the highest number when the
    /// ledger was asked first.
    RouteConfirmation(RouteFindings& findings, std::uint64_t last);

    /// There is something to ask about.
    [[nodiscard]] bool needed() const;
    /// Takes a line of `sidecar routes`.
    void take(const nlohmann::json& line);
    /// All lines were taken. Drops what no longer holds.
    void settle();

    /// The numbers of the routes that are to be announced, or withdrawn, again, ascending. One that
    /// goes to every peer overrides in ExaBGP what was said to some peers afterwards, so that is
    /// said again as well.
    [[nodiscard]] std::vector<std::uint64_t> repair() const;

  private:
    struct Entry {
        std::string command, nlri;
        bool everyone;
    };

    RouteFindings& findings_;
    std::uint64_t last_;
    std::unordered_set<std::string> wrong_;   // NLRIs that something is wrong with
    std::unordered_set<std::string> extra_;   // NLRIs of what nobody announced through exapulsed
    std::map<std::uint64_t, Entry> entries_;  // of the ledger, of the former
};

}  // namespace exapulse::client
