// SPDX-License-Identifier: BSD-3-Clause
// ComparedRoutes: a ledger and what an ExaBGP shows, as tests have them.
#pragma once

#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "client/routes/route_comparison.hpp"
#include "common/tokens.hpp"

namespace exapulse::test {

using client::ExpectedRoutes, client::RibPeer, client::RouteComparison, client::RouteFindings,
    client::RibRoute;
using Json = nlohmann::json;

/// A line of `sidecar routes`; `command` has no selector.
inline Json ledger_line(int number, const std::string& command, const std::string& peers = "*") {
    const auto words = tokens(command);
    const bool withdrawn = command.starts_with("withdraw");
    return {{"number", number}, {"route", read_route(std::span(words).subspan(1)).nlri},
            {"peers", peers},   {"withdrawn", withdrawn},
            {"kept", false},    {"command", command}};
}

inline std::string announcement_of(const std::string& prefix, const std::string& attributes = "") {
    return "announce route " + prefix + " next-hop 192.0.2.1" + attributes;
}

inline RibPeer peer_at(const std::string& address,
                       std::set<std::string> families = {"ipv4 unicast"}) {
    return {address, std::nullopt, std::move(families), true};
}

struct ComparedRoutes {
    ExpectedRoutes expected{};
    std::vector<RibPeer> peers{peer_at("10.0.0.1"), peer_at("10.0.0.2")};
    /// Peers and lines that 4.2 and 5.0 show of them, from the family on.
    std::vector<std::pair<std::string, std::string>> rib{};
    std::optional<std::string> only{};

    void announce(int number, const std::string& command, const std::string& of = "*") {
        CHECK(expected.add(ledger_line(number, command, of)));
    }
    void show(const std::string& peer, const std::string& route) { rib.emplace_back(peer, route); }

    RouteFindings findings() {
        RouteComparison comparison(expected, peers, only);
        for (const auto& shown : rib) {
            const std::string& peer = shown.first;
            CHECK(client::read_rib_text(
                fmt::format("neighbor {} family-allowed in-open {}", peer, shown.second),
                [&](std::string_view, const RibRoute& read) {
                    comparison.see("neighbor " + peer, read);
                }));
        }
        return comparison.end();
    }
    /// As ExaBGP 6 shows them.
    RouteFindings findings_of_prefixes(
        const std::vector<std::pair<std::string, std::string>>& all) {
        for (RibPeer& peer : peers) peer.shown.reset();
        RouteComparison comparison(expected, peers, only);
        for (const auto& [peer, nlri] : all) comparison.see(peer, {nlri, false});
        return comparison.end();
    }
};

inline const std::string shown_a = "ipv4 unicast 10.1.0.0/24 next-hop 192.0.2.1",
                         shown_b = "ipv4 unicast 10.2.0.0/24 next-hop 192.0.2.1";

}  // namespace exapulse::test
