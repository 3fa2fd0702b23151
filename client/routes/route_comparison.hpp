// SPDX-License-Identifier: BSD-3-Clause
// RouteComparison: the routes that each peer is to be sent, against those that ExaBGP shows. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "client/routes/expected_routes.hpp"
#include "client/routes/rib_peers.hpp"
#include "client/routes/rib_route.hpp"
#include "client/routes/route_findings.hpp"

namespace exapulse::client {

/// Goes through ExaBGP's routes peer after peer, and remembers of each only what it lacks.
///
/// A route for some peers must be at each of them. One for every peer must be at each peer that has
/// its family; where the families of a peer are not known, at each that has another route of it;
/// and at one peer at least. What may be absent for a reason that ExaBGP does not show, and what
/// can't be told from other routes, is counted as not compared.
class RouteComparison {
  public:
    /// `expected` outlives it. `only`: the address of a peer; the others do not count then.
    RouteComparison(const ExpectedRoutes& expected, std::vector<RibPeer> peers,
                    const std::optional<std::string>& only);

    /// A route at a peer. The routes of one peer follow each other.
    void see(std::string_view peer, const RibRoute& route);
    /// All were seen.
    [[nodiscard]] RouteFindings end();

    enum class Presence {
        There,   // at a peer, with its attributes
        Alike,   // or one that differs in what was not shown
        Absent,  // from all of its peers, or with other attributes
        Unknown,
    };
    /// After end(), with what that returned.
    [[nodiscard]] Presence presence(ExpectedRoutes::Index index,
                                    const RouteFindings& findings) const;

  private:
    using Index = ExpectedRoutes::Index;
    using Entry = ExpectedRoutes::Entry;
    /// What decides about an NLRI at the peer at hand.
    struct Decisive {
        std::optional<Index> entry{};
        bool perhaps = false;  // whether a newer one is for this peer is not known
    };
    struct Seen {              // of one entry, at all peers
        bool matched = false;  // it is for one of them
        bool decides = false;  // and no newer one is
        bool here = false, unsure = false;
        bool absent = false;        // where it need not be
        bool as_announced = false;  // at one of them, as far as its attributes are shown
        bool attributes_unsure = false;
    };

    void turn_to(std::string_view name);
    void begin(std::size_t peer);
    [[nodiscard]] std::optional<std::size_t> find_peer(std::string_view name);
    [[nodiscard]] Decisive decisive(std::optional<Index> newest) const;
    /// False: the ledger says nothing of it.
    [[nodiscard]] bool see_known(const RibRoute& route, const std::string& text);
    void see_one_of_group(const RibRoute& route, const RouteKey& key);
    void learn_groups(bool of_exact);
    void finish_peer();
    /// The entries that decide at this peer, have not been seen, and are not for nobody; how many
    /// there are of each group that `shown_` counts.
    [[nodiscard]] std::vector<Index> unseen_entries();
    void judge(Index index, std::size_t shown, std::size_t wanted);
    void lacks(Index index);
    [[nodiscard]] bool has_family(const Entry& entry) const;
    [[nodiscard]] bool must_have(const Entry& entry) const;
    RouteFinding& report(RouteFinding::What what, const Entry& entry);
    void add_extra(const std::string& nlri, std::size_t times = 1);
    void conclude(Index index);

    const ExpectedRoutes& expected_;
    std::vector<RibPeer> peers_;
    std::vector<bool> finished_;  // of peers_
    std::optional<std::string> only_;
    std::vector<Seen> seen_;  // by entry
    RouteFindings findings_;
    bool peers_known_;
    bool ranges_ = false;                     // some of them are ranges, whose peers are not known
    std::unordered_set<std::string> groups_;  // of the ledger, where routes are only known by them
    bool exact_grouped_ = false;              // those of routes that could be told apart, too

    // The peer at hand.
    std::string name_;
    std::optional<std::size_t> peer_;
    std::vector<PeerTerms::Match> matches_;  // of each of the ledger's selectors with it
    std::vector<bool> here_;                 // by entry
    std::unordered_map<std::string, std::size_t> shown_;  // routes of a group
    std::set<std::string> families_;  // "ipv4 unicast", or "flow", of which it has routes
};

}  // namespace exapulse::client
