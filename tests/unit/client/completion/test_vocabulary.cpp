// SPDX-License-Identifier: BSD-3-Clause
#include <doctest/doctest.h>

#include "client/completion/vocabulary.hpp"
#include "tests/support/socket_simulator/exabgp_help.hpp"

using namespace exapulse::client;

namespace {

using Words = std::vector<std::string>;

const Words peers{"127.0.0.1", "2001:db8::1"};

Vocabulary of_v6() {
    Vocabulary vocabulary;
    vocabulary.learn(exapulse::test::exabgp_help_json());
    return vocabulary;
}

}  // namespace

TEST_CASE("6.0: a selector stands between peer and what is announced") {
    const Vocabulary vocabulary = of_v6();
    CHECK(vocabulary.candidates("pe", peers) == Words{"peer"});
    CHECK(vocabulary.candidates("peer ", peers) ==
          Words{"*", "127.0.0.1", "2001:db8::1", "create", "delete", "list", "show"});
    CHECK(vocabulary.candidates("peer 2", peers) == Words{"2001:db8::1"});
    CHECK(vocabulary.candidates("peer * ann", peers) == Words{"announce"});
    CHECK(vocabulary.candidates("peer 127.0.0.1  announce r", peers) ==
          Words{"route", "route-refresh"});
    CHECK(vocabulary.candidates("peer show ", peers) == Words{"announce", "configuration",
                                                              "extensive", "group", "summary",
                                                              "teardown", "withdraw"});
    CHECK(vocabulary.candidates("rib sh", peers) == Words{"show"});
    CHECK(vocabulary.candidates("system api version ", peers) == Words{"4", "6"});
    CHECK(vocabulary.candidates("peer * announce route ", peers).empty());
    CHECK(vocabulary.candidates("no such ", peers).empty());
    // As 4.2 and 5.0 call it.
    CHECK(vocabulary.candidates("ann", peers) == Words{"announce"});
    CHECK(vocabulary.candidates("announce r", peers) == Words{"route", "route-refresh"});
    CHECK(vocabulary.candidates("show ", peers) == Words{"adj-rib", "neighbor"});
    CHECK(vocabulary.candidates("show neighbor ", peers) == Words{"extensive", "summary"});
    CHECK(vocabulary.candidates("show adj-rib out ", peers) == Words{"extensive"});
    CHECK(vocabulary.candidates("vers", peers) == Words{"version"});
    CHECK(vocabulary.wants_peers("peer "));
    CHECK(vocabulary.wants_peers("peer 1"));
    CHECK_FALSE(vocabulary.wants_peers("peer"));
    CHECK_FALSE(vocabulary.wants_peers("peer * "));
}

TEST_CASE("4.2 and 5.0: with and without a neighbor") {
    Vocabulary vocabulary;
    for (const char* line :
         {"", "available API commands are listed here:", "===============================",
          "filter can be: [local-ip <ip>][local-as <asn>][peer-as <asn>][router-id <router-id>]",
          "command are:", "------------", "#", "[neighbor <ip> [filters]] announce route",
          "[neighbor <ip> [filters]] announce flow", "[neighbor <ip> [filters]] teardown",
          "clear adj-rib", "show neighbor [ summary | extensive | configuration ]", "reload ",
          "version "})
        vocabulary.learn(line);
    CHECK(vocabulary.candidates("", peers) ==
          Words{"announce", "clear", "neighbor", "reload", "show", "teardown", "version"});
    CHECK(vocabulary.candidates("neighbor ", peers) == peers);
    CHECK(vocabulary.candidates("neighbor 127.0.0.1 ann", peers) == Words{"announce"});
    CHECK(vocabulary.candidates("announce ", peers) == Words{"flow", "route"});
    CHECK(vocabulary.candidates("show neighbor ", peers) ==
          Words{"configuration", "extensive", "summary"});
}

TEST_CASE("6.0's text help, as v4 has it, gives the same as its JSON") {
    Vocabulary vocabulary;
    for (const std::string& line : exapulse::test::exabgp_help_text()) vocabulary.learn(line);
    const Vocabulary v6 = of_v6();
    for (const char* typed :
         {"", "peer ", "peer * announce ", "rib show ", "system api version "}) {
        CAPTURE(std::string(typed));
        CHECK(vocabulary.candidates(typed, peers) == v6.candidates(typed, peers));
    }
}

TEST_CASE("words of others are learned too, and broken help teaches nothing") {
    Vocabulary vocabulary;
    vocabulary.learn("{\"commands\": [1, {\"command\": 2}]}");
    vocabulary.learn("{broken");
    CHECK(vocabulary.candidates("", {}).empty());
    vocabulary.add("set display json");
    vocabulary.add("set display text");
    CHECK(vocabulary.candidates("se", {}) == Words{"set"});
    CHECK(vocabulary.candidates("set display ", {}) == Words{"json", "text"});
}

TEST_CASE("what completes at once, and how the rest is listed") {
    CHECK(common_beginning({"announce"}) == "announce");
    CHECK(common_beginning({"route", "route-refresh"}) == "route");
    CHECK(common_beginning({"a", "b"}).empty());
    CHECK(common_beginning({}).empty());
    CHECK(in_columns({"a", "bbb", "cc"}, 80) == "a    bbb  cc\n");
    CHECK(in_columns({"a", "bbb", "cc"}, 8) == "a    cc\nbbb\n");
    CHECK(in_columns({"aaaaaaaaaa", "b"}, 4) == "aaaaaaaaaa\nb\n");
}
