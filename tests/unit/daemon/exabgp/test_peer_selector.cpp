// SPDX-License-Identifier: BSD-3-Clause
// Selectors: how they are read, whom they mean, and how each ExaBGP spells them.
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "common/peer_selector.hpp"
#include "daemon/exabgp/configured_peers.hpp"
#include "daemon/exabgp/selector_guard.hpp"

namespace exapulse {

namespace {

using Lines = std::vector<std::string>;

std::string in_words(const std::vector<PeerTerm>& terms) {
    Lines texts;
    for (const PeerTerm& term : terms) texts.push_back(term.text());
    return fmt::format("{}", fmt::join(texts, " + "));
}

Peer named(std::string_view name) {
    Peer peer;
    peer.name = name;
    return peer;
}

/// Two of them share an address.
const ConfiguredPeers four_peers({
    named("neighbor 10.0.0.2 local-ip 10.0.0.1 local-as 65000 peer-as 65001 router-id 10.0.0.9 "
          "family-allowed in-open"),
    named("neighbor 10.0.0.3 local-ip 10.0.0.1 local-as 65000 peer-as 65002 router-id 10.0.0.9 "
          "family-allowed in-open"),
    named("neighbor 10.0.0.4 local-ip 10.0.0.1 local-as 65010 peer-as 65002 router-id 10.0.0.8 "
          "family-allowed in-open"),
    named("neighbor 10.0.0.4 local-ip 10.0.0.1 local-as 65011 peer-as 65002 router-id 10.0.0.8 "
          "family-allowed in-open"),
});

}  // namespace

TEST_SUITE("peer selectors") {
    TEST_CASE("selectors are parsed with ExaBGP's words") {
        struct Row {
            std::string line, terms, command;
        };
        const std::vector<Row> rows{
            {"neighbor 10.0.0.2 announce route x", "10.0.0.2", "announce route x"},
            {"  neighbor\t10.0.0.2  announce  route x ", "10.0.0.2", "announce  route x "},
            {"peer * announce route x", "*", "announce route x"},
            {"peer 10.0.0.2 teardown 6", "10.0.0.2", "teardown 6"},
            {"peer 2001:db8::1 local-as 1 peer-as 2 withdraw x", "2001:db8::1 local-as 1 peer-as 2",
             "withdraw x"},
            {"neighbor 10.0.1.0/24 announce x", "10.0.1.0/24", "announce x"},
            {"neighbor 10.0.0.2, neighbor 10.0.0.3 announce x", "10.0.0.2 + 10.0.0.3",
             "announce x"},
            {"neighbor 10.0.0.2 peer-as 1,neighbor 10.0.0.3 announce x",
             "10.0.0.2 peer-as 1 + 10.0.0.3", "announce x"},
            {"neighbor 10.0.0.2, announce x", "10.0.0.2", "announce x"},
            {"peer 10.0.0.2, peer 10.0.0.3 announce x", "10.0.0.2 + 10.0.0.3", "announce x"},
            {"peer [10.0.0.2,10.0.0.3 router-id 1.1.1.1] announce x",
             "10.0.0.2 + 10.0.0.3 router-id 1.1.1.1", "announce x"},
            {"peer [ 10.0.0.2 , ] announce [x]", "10.0.0.2", "announce [x]"},
            {"neighbor [*] announce x", "*", "announce x"},
            {"neighbor * peer-as 65002 announce x", "* peer-as 65002", "announce x"},
        };
        for (const Row& row : rows) {
            CAPTURE(row.line);
            const auto reading = read_selector(row.line);
            CHECK(reading.problem.empty());
            REQUIRE(reading.selector.has_value());
            CHECK(in_words(reading.selector->terms) == row.terms);
            CHECK(reading.selector->command == row.command);
        }
        for (const std::string line :
             {"", "neighbor", "peer", "neighbor 10.0.0.2", "neighbor 10.0.0.2,", "peer list",
              "peer show summary", "peer create 10.0.0.2", "announce route x", "peers 10.0.0.2 x",
              "show neighbor 10.0.0.2 summary", "neighbor 10.0.0.2 peer-as 65001",
              "peer [10.0.0.2]", "peer announce route x", "# neighbor 10.0.0.2,, announce x"}) {
            CAPTURE(line);
            const auto reading = read_selector(line);
            CHECK_FALSE(reading.selector.has_value());
            CHECK(reading.problem.empty());
        }
    }

    TEST_CASE("what ExaBGP would read as other peers is not a selector") {
        struct Row {
            std::string line, problem;
        };
        const std::vector<Row> rows{
            // 4.2.21 and 5.0.13 do the first three for every peer (with that filter).
            {"neighbor 10.0.0.2,, announce route x", "a comma has no address after it"},
            {"neighbor 10.0.0.2,,neighbor 10.0.0.3 announce x", "a comma has no address after it"},
            {"neighbor 10.0.0.2, local-as 65000 announce x", "a comma has no address after it"},
            {"neighbor , announce x", "an address is expected instead of ','"},
            {"neighbor 10.0.0.2, 10.0.0.3 announce x", "'neighbor' is missing before '10.0.0.3'"},
            {"neighbor 10.0.0.2 neighbor 10.0.0.3 announce x",
             "a comma is missing before 'neighbor'"},
            {"neighbor 10.0.0.2, peer 10.0.0.3 announce x", "it has both neighbor and peer"},
            // 6.0 does these for every peer.
            {"peer [] announce x", "it names no peer"},
            {"neighbor [ , ] announce x", "an address is expected instead of ','"},
            {"peer [10.0.0.2 bogus] announce x", "a comma is missing before 'bogus'"},
            {"peer ]10.0.0.2 announce x", "an address is expected instead of ']10.0.0.2'"},
            {"peer 10.0.0.2[ announce x", "an address is expected instead of '10.0.0.2['"},
            {"peer 10.0.0.2 local-as 65000[ announce x", "local-as has no value"},
            // For fewer of them: v4 takes the first one only.
            {"neighbor [10.0.0.2 10.0.0.3] announce x", "a comma is missing before '10.0.0.3'"},
            {"peer [10.0.0.2, announce x", "a comma is missing before 'x'"},
            {"peer [10.0.0.2", "its bracket is not closed"},
            {"peer [10.0.0.2 peer-as] announce x", "peer-as has no value"},
            {"peer [10.0.0.2]announce x", "a comma is missing before ']announce'"},
            {"neighbor local-as 65000 announce x", "an address is expected instead of 'local-as'"},
        };
        for (const Row& row : rows) {
            CAPTURE(row.line);
            const auto reading = read_selector(row.line);
            CHECK_FALSE(reading.selector.has_value());
            CHECK(reading.problem == row.problem);
        }
    }

    TEST_CASE("the peers that a selector matches, in any spelling") {
        struct Row {
            std::string line;
            std::vector<std::size_t> peers;
            std::string nobody{};
        };
        const std::vector<Row> rows{
            {"peer * announce x", {0, 1, 2, 3}},
            {"neighbor 10.0.0.2 announce x", {0}},
            {"neighbor 10.0.0.4 announce x", {2, 3}},
            {"neighbor 10.0.0.4 local-as 65011 announce x", {3}},
            {"peer [10.0.0.3, 10.0.0.2, 10.0.0.3] announce x", {0, 1}},
            {"neighbor * peer-as 65002 announce x", {1, 2, 3}},
            {"peer [* router-id 10.0.0.8, 10.0.0.2] announce x", {0, 2, 3}},
            {"neighbor * peer-as 64999 announce x", {}, "* peer-as 64999"},
            {"neighbor 10.0.0.2, neighbor 10.0.0.9 announce x", {0}, "10.0.0.9"},
            {"neighbor 10.0.0.2 peer-as 65002 announce x", {}, "10.0.0.2 peer-as 65002"},
            {"peer 10.0.0 announce x", {}, "10.0.0"},
            {"peer 10.0.0.22 announce x", {}, "10.0.0.22"},
            {"peer 10.0.0.2 family-allowed in-open local-ip 10.0.0.1 announce x", {0}},
        };
        for (const Row& row : rows) {
            CAPTURE(row.line);
            const auto selector = read_selector(row.line).selector;
            REQUIRE(selector.has_value());
            const auto meant = four_peers.meant_by(selector->terms);
            CHECK(meant.peers == row.peers);
            CHECK((meant.nobody.empty() ? "" : meant.nobody[0]->text()) == row.nobody);
        }
    }

    TEST_CASE("which ExaBGP accepts a selector, and how each spells it") {
        struct Row {
            std::string line;
            bool pipes, v4, v6;
            std::optional<std::string> neighbor, peer;
        };
        const std::vector<Row> rows{
            {"neighbor * announce x", false, true, false, "", "peer *"},
            {"peer * announce x", false, true, true, "", "peer *"},
            {"peer [*] announce x", false, true, true, "", "peer *"},
            {"neighbor 10.0.0.2 announce x", true, true, false, "neighbor 10.0.0.2",
             "peer 10.0.0.2"},
            {"neighbor 10.0.0.2, announce x", true, false, false, "neighbor 10.0.0.2",
             "peer 10.0.0.2"},
            {"peer 10.0.0.2, announce x", false, false, false, "neighbor 10.0.0.2",
             "peer 10.0.0.2"},
            {"neighbor 10.0.0.2 peer-as 1, neighbor 10.0.0.3 announce x", true, true, false,
             "neighbor 10.0.0.2 peer-as 1, neighbor 10.0.0.3",
             "peer [10.0.0.2 peer-as 1, 10.0.0.3]"},
            {"peer [10.0.0.2, 10.0.0.3] announce x", false, true, true,
             "neighbor 10.0.0.2, neighbor 10.0.0.3", "peer [10.0.0.2, 10.0.0.3]"},
            {"neighbor [10.0.0.2] announce x", false, true, false, "neighbor 10.0.0.2",
             "peer 10.0.0.2"},
            {"peer 10.0.0.2, peer 10.0.0.3 announce x", false, false, false,
             "neighbor 10.0.0.2, neighbor 10.0.0.3", "peer [10.0.0.2, 10.0.0.3]"},
            {"neighbor 10.0.0.2, neighbor * announce x", false, false, false, "", "peer *"},
            {"neighbor * peer-as 1 announce x", false, false, false, std::nullopt, std::nullopt},
            {"peer [* peer-as 1] announce x", false, false, false, std::nullopt, std::nullopt},
            {"neighbor edge announce x", true, true, false, "neighbor edge", std::nullopt},
            {"peer [edge, 10.0.0.2] announce x", false, true, true,
             "neighbor edge, neighbor 10.0.0.2", "peer [edge, 10.0.0.2]"},
        };
        for (const Row& row : rows) {
            CAPTURE(row.line);
            const auto selector = read_selector(row.line).selector;
            REQUIRE(selector.has_value());
            CHECK(accepts(SelectorGrammar::Neighbor, *selector) == row.pipes);
            CHECK(accepts(SelectorGrammar::Either, *selector) == row.v4);
            CHECK(accepts(SelectorGrammar::Peer, *selector) == row.v6);
            CHECK(spelled(SelectorGrammar::Neighbor, selector->terms) == row.neighbor);
            CHECK(spelled(SelectorGrammar::Peer, selector->terms) == row.peer);
        }
    }

    TEST_CASE("what no ExaBGP limits to peers is refused, with an alternative") {
        struct Row {
            Dialect dialect;
            std::string line, problem;
        };
        const std::vector<Row> rows{
            {Dialect::Pipes42, "neighbor 10.0.0.2 announce watchdog x",
             "ExaBGP 4.2 cannot limit 'announce watchdog' to 'neighbor 10.0.0.2': it applies a "
             "watchdog to every peer"},
            {Dialect::V6, "peer 10.0.0.2 withdraw watchdog x",
             "ExaBGP 6.0 cannot limit 'withdraw watchdog' to 'peer 10.0.0.2': it applies a "
             "watchdog to every peer"},
            {Dialect::V6, "peer * withdraw watchdog x", ""},
            {Dialect::Pipes50, "neighbor 10.0.0.2 announce operational asm",
             "ExaBGP 5.0 cannot limit 'announce operational' to 'neighbor 10.0.0.2': it ignores "
             "operational messages that name peers"},
            {Dialect::Pipes50, "peer [10.0.0.2, 10.0.0.3] announce route x",
             "ExaBGP 5.0 does not support 'peer [10.0.0.2, 10.0.0.3]'; use: neighbor 10.0.0.2, "
             "neighbor 10.0.0.3 announce route x"},
            // Taken from 4.2.22 on; 4.2.21 says error.
            {Dialect::Pipes42, "neighbor * announce route x", ""},
            {Dialect::Pipes42, "neighbor * teardown 6", ""},
            {Dialect::Pipes42, "peer * announce route x",
             "ExaBGP 4.2 does not support 'peer *'; use: announce route x"},
            {Dialect::V6, "neighbor 10.0.0.2, neighbor 10.0.0.3 announce route x",
             "ExaBGP 6.0 does not support 'neighbor 10.0.0.2, neighbor 10.0.0.3'; use: peer "
             "[10.0.0.2, 10.0.0.3] announce route x"},
            {Dialect::V4, "neighbor 10.0.0.2, announce route x",
             "ExaBGP 6.0 (v4 API) does not support 'neighbor 10.0.0.2,'; use: neighbor 10.0.0.2 "
             "announce route x"},
        };
        for (const Row& row : rows) {
            CAPTURE(row.line);
            const auto selector = read_selector(row.line).selector;
            REQUIRE(selector.has_value());
            const auto check = check_selector(rules_of(row.dialect), *selector);
            CHECK(check.problem == row.problem);
            CHECK_FALSE(check.needs_peers);
        }
        const auto filtered = read_selector("neighbor * peer-as 65002 announce route x").selector;
        REQUIRE(filtered.has_value());
        CHECK(check_peers(rules_of(Dialect::Pipes50), *filtered, four_peers) ==
              "ExaBGP ignores filters after '*' and would reach every peer; use: neighbor 10.0.0.3 "
              "peer-as 65002, neighbor 10.0.0.4 peer-as 65002 announce route x");
        CHECK(check_peers(rules_of(Dialect::V6), *filtered, four_peers) ==
              "ExaBGP ignores filters after '*' and would reach every peer; use: peer [10.0.0.3 "
              "peer-as 65002, 10.0.0.4 peer-as 65002] announce route x");
    }

    TEST_CASE(
        "the selector has a limit, and a line of 1 MiB with 1,000 peers costs next to nothing") {
        const auto list = [](std::size_t count) {
            std::string line = "neighbor 10.0.0.1";
            for (std::size_t i = 1; i < count; ++i)
                line += fmt::format(", neighbor 10.{}.{}.1", i / 250, i % 250);
            return line + " announce route x";
        };
        CHECK(read_selector(list(most_selector_terms)).selector.has_value());
        const std::string limit = fmt::format(
            "it has more than {} addresses and filters; use "
            "several commands",
            most_selector_terms);
        CHECK(read_selector(list(most_selector_terms + 1)).problem == limit);

        std::vector<Peer> peers;
        for (int i = 0; i < 1000; ++i)
            peers.push_back(
                named(fmt::format("neighbor 10.{}.{}.1 peer-as {}", i / 250, i % 250, 65000 + i)));
        const ConfiguredPeers configured(peers);
        const std::string huge = list(50'000);
        REQUIRE(huge.size() > (1U << 20) - (1U << 16));
        const auto begin = std::chrono::steady_clock::now();
        CHECK(read_selector(huge).problem == limit);
        const std::string longest = list(most_selector_terms);
        const auto reading = read_selector(longest);
        CHECK(configured.meant_by(reading.selector->terms).peers.size() == most_selector_terms);
        CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(1));
    }
}

}  // namespace exapulse
