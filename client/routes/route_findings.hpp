// SPDX-License-Identifier: BSD-3-Clause
// RouteFindings: in what ExaBGP's Adj-RIB-Out is not what the ledger says. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "client/routes/comparable_attributes.hpp"

namespace exapulse::client {

/// About one route of the ledger.
struct RouteFinding {
    enum class What {
        Missing,       // ExaBGP does not send it to these peers
        Different,     // it does, with other attributes
        NotWithdrawn,  // these were not to get it, and do
        NoSuchPeer,    // it is for peers that ExaBGP does not have
    };
    What what = What::Missing;
    std::string nlri;
    std::vector<std::string> peers{};  // addresses; empty: every peer
    std::vector<AttributeDifference> differences{};
    std::string command{};  // of the ledger, once it is confirmed
};

/// A route at a peer that the ledger says nothing of.
struct ExtraRoute {
    std::string nlri, peer;
};

/// A command whose outcome was unknown, and is known now.
struct SettledRoute {
    std::uint64_t number;
    std::string nlri, peers, command;
    bool done;
};

struct RouteFindings {
    /// No more extra routes are held: a whole table may be announced by the configuration.
    static constexpr std::size_t most_extra = 10'000;

    std::map<std::uint64_t, RouteFinding> wrong{};  // by the number in the ledger
    std::vector<ExtraRoute> extra{};
    std::size_t extra_beyond = 0;  // that are not held

    std::size_t routes = 0;                             // that were to be there
    std::map<std::string, std::size_t> not_compared{};  // of them, by kind
    std::size_t attributes_not_compared = 0;            // of those that are there
    std::vector<SettledRoute> settled{};
    std::size_t uncertain = 0;  // commands whose outcome is still unknown

    [[nodiscard]] std::size_t extras() const { return extra.size() + extra_beyond; }
    [[nodiscard]] std::size_t count(RouteFinding::What what) const;
    [[nodiscard]] bool all_well() const { return wrong.empty(); }
};

/// "missing", "different", "not-withdrawn", "no-such-peer".
[[nodiscard]] std::string name_of(RouteFinding::What what);

}  // namespace exapulse::client
