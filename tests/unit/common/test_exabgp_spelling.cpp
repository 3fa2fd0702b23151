// SPDX-License-Identifier: BSD-3-Clause
// The spellings of a command: every row both ways, and lines that only look like one.
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "common/exabgp_spelling.hpp"

namespace exapulse::client {

namespace {

const std::vector<std::string> action_first{"4.2", "5.0"};

}  // namespace

TEST_SUITE("client command spelling") {
    TEST_CASE("every pair of spellings, both ways") {
        struct Row {
            std::string action_first, target_first;
        };
        const std::vector<Row> rows{
            {"announce route 10.0.0.0/24 next-hop 192.0.2.1",
             "peer * announce route 10.0.0.0/24 next-hop 192.0.2.1"},
            {"withdraw route 10.0.0.0/24", "peer * withdraw route 10.0.0.0/24"},
            {"announce ipv4 unicast 10.0.0.0/24 next-hop self",
             "peer * announce ipv4 unicast 10.0.0.0/24 next-hop self"},
            {"announce attributes next-hop 192.0.2.1 nlri 10.0.0.0/24 10.0.1.0/24",
             "peer * announce attributes next-hop 192.0.2.1 nlri 10.0.0.0/24 10.0.1.0/24"},
            {"announce flow route { match { source 10.0.0.0/24; } then { discard; } }",
             "peer * announce flow route { match { source 10.0.0.0/24; } then { discard; } }"},
            {"announce eor ipv4 unicast", "peer * announce eor ipv4 unicast"},
            {"announce vpls endpoint 5 base 10702", "peer * announce vpls endpoint 5 base 10702"},
            {"withdraw watchdog dnsr", "peer * withdraw watchdog dnsr"},
            {"version", "system version"},
            {"help", "system help"},
            {"reload", "daemon reload"},
            {"restart", "daemon restart"},
            {"shutdown", "daemon shutdown"},
            {"show neighbor summary", "peer show summary"},
            {"show neighbor extensive", "peer show extensive"},
            {"show adj-rib in", "rib show in"},
            {"show adj-rib in extensive", "rib show in extensive"},
            {"show adj-rib out", "rib show out"},
            {"show adj-rib out extensive", "rib show out extensive"},
            {"flush adj-rib out", "rib flush out"},
            {"clear adj-rib in", "rib clear in"},
            {"clear adj-rib out", "rib clear out"},
        };
        for (const Row& row : rows) {
            CAPTURE(row.action_first);
            CHECK(spelling_varies(row.action_first));
            CHECK(spelling_varies(row.target_first));
            CHECK(respelled(row.action_first, "v6") == row.target_first);
            CHECK_FALSE(respelled(row.target_first, "v6").has_value());
            for (const std::string& dialect : action_first) {
                CHECK(respelled(row.target_first, dialect) == row.action_first);
                CHECK_FALSE(respelled(row.action_first, dialect).has_value());
            }
            for (const std::string dialect : {"v4", "", "v7"}) {
                CHECK_FALSE(respelled(row.action_first, dialect).has_value());
                CHECK_FALSE(respelled(row.target_first, dialect).has_value());
            }
        }
    }

    TEST_CASE("a comma that touches the command leaves a blank behind") {
        CHECK(respelled("neighbor 10.0.0.1 ,announce route 10.0.0.0/24 next-hop self", "v6") ==
              "peer 10.0.0.1 announce route 10.0.0.0/24 next-hop self");
    }

    TEST_CASE("neighbor A and peer A are translated to each other") {
        struct Row {
            std::string peer, neighbor;
        };
        const std::vector<Row> rows{
            {"peer 10.0.0.1 announce route 10.0.0.0/24 next-hop self",
             "neighbor 10.0.0.1 announce route 10.0.0.0/24 next-hop self"},
            {"peer 10.0.0.1 withdraw route 10.0.0.0/24",
             "neighbor 10.0.0.1 withdraw route 10.0.0.0/24"},
            {"peer 2001:db8::1 announce eor ipv6 unicast",
             "neighbor 2001:db8::1 announce eor ipv6 unicast"},
            {"peer 10.0.0.1 local-as 65000 router-id 1.1.1.1 announce route 10.0.0.0/24",
             "neighbor 10.0.0.1 local-as 65000 router-id 1.1.1.1 announce route 10.0.0.0/24"},
        };
        for (const Row& row : rows) {
            CAPTURE(row.peer);
            CHECK(spelling_varies(row.peer));
            CHECK(spelling_varies(row.neighbor));
            for (const std::string& dialect : action_first) {
                CHECK(respelled(row.peer, dialect) == row.neighbor);
                CHECK_FALSE(respelled(row.neighbor, dialect).has_value());
            }
            CHECK(respelled(row.neighbor, "v6") == row.peer);
            CHECK_FALSE(respelled(row.peer, "v6").has_value());
            CHECK_FALSE(respelled(row.peer, "v4").has_value());
            CHECK_FALSE(respelled(row.neighbor, "v4").has_value());
        }
    }

    TEST_CASE("selectors in each dialect's own words") {
        struct Row {
            std::string line, pipes, v4, v6;  // as sent
        };
        const std::string everyone = "announce route x", star = "peer * announce route x",
                          list = "neighbor 10.0.0.1 peer-as 1, neighbor 10.0.0.2 announce route x",
                          bracket = "peer [10.0.0.1 peer-as 1, 10.0.0.2] announce route x";
        const std::vector<Row> rows{
            {"neighbor * announce route x", everyone, "neighbor * announce route x", star},
            {"peer [*] announce route x", everyone, "peer [*] announce route x",
             "peer [*] announce route x"},
            {"neighbor 10.0.0.1, neighbor * announce route x", everyone,
             "neighbor * announce route x", star},
            {list, list, list, bracket},
            {bracket, list, bracket, bracket},
            {"peer 10.0.0.1 peer-as 1, peer 10.0.0.2 announce route x", list, list, bracket},
            {"neighbor [10.0.0.1 peer-as 1,10.0.0.2] announce route x", list,
             "neighbor [10.0.0.1 peer-as 1,10.0.0.2] announce route x", bracket},
            {"neighbor 10.0.0.1, announce route x", "neighbor 10.0.0.1, announce route x",
             "neighbor 10.0.0.1 announce route x", "peer 10.0.0.1 announce route x"},
            {"peer 10.0.1.0/24 announce route x", "neighbor 10.0.1.0/24 announce route x",
             "peer 10.0.1.0/24 announce route x", "peer 10.0.1.0/24 announce route x"},
        };
        for (const Row& row : rows) {
            CAPTURE(row.line);
            CHECK(spelling_varies(row.line));
            for (const auto& [dialect, sent] :
                 {std::pair{"4.2", row.pipes}, {"5.0", row.pipes}, {"v4", row.v4}, {"v6", row.v6}})
                CHECK(respelled(row.line, dialect).value_or(row.line) == sent);
            CHECK_FALSE(respelled(row.line, "v7").has_value());
        }
    }

    TEST_CASE("whitespace and further words stay, byte for byte") {
        CHECK(respelled("  announce\t route  10.0.0.0/24 ", "v6") ==
              "  peer * announce\t route  10.0.0.0/24 ");
        CHECK(respelled("\tpeer   *\tannounce  route x  ", "4.2") == "\tannounce  route x  ");
        CHECK(respelled(" peer  10.0.0.1\tannounce  x ", "5.0") ==
              " neighbor  10.0.0.1\tannounce  x ");
        CHECK(respelled(" show  adj-rib\tout ", "v6") == " rib show out ");
        CHECK(respelled("announce", "v6") == "peer * announce");
        CHECK(respelled("announce route x sync json", "v6") == "peer * announce route x sync json");
        const std::string rest = " attributes nlri " + std::string(1U << 20, 'x');
        CHECK(respelled("announce" + rest, "v6") == "peer * announce" + rest);
    }

    TEST_CASE("commands that only look alike are not translated") {
        const std::vector<std::string> lines{
            "",
            " \t",
            "# announce route 10.0.0.0/24",
            "#announce route 10.0.0.0/24",
            "announcement route 10.0.0.0/24",
            "announce-route 10.0.0.0/24",
            "Announce route 10.0.0.0/24",
            "please announce route 10.0.0.0/24",
            "peer",
            "peer *",
            "peer list",
            "peer announce route 10.0.0.0/24",
            "peer * show",
            "peer * show summary",
            "peer * teardown 6",
            "peer * group announce route 10.0.0.0/24 ; announce route 10.0.1.0/24",
            "peer * routes list",
            "peer * announcement",
            "peer *announce route 10.0.0.0/24",
            "peer 10.0.0.1",
            "peer 10.0.0.1 teardown 6",
            "peer 10.0.0.1 show summary",
            "peer 10.0.0.1 announcement x",
            "peer 10.0.0.1 local-as 65000 teardown 6",
            "peer 10.0.0.1 local-as announce route 10.0.0.0/24",
            "peer 10.0.0.1 local-pref 100 announce route 10.0.0.0/24",
            "peer 10.0.0.1 local-as 65000",
            "peer 10.0.0.1, 10.0.0.2 announce route 10.0.0.0/24",
            "peer 10.0.0 announce route 10.0.0.0/24",
            "peer 10.0.0.1/33 announce route 10.0.0.0/24",
            "neighbor * peer-as 65000 announce route 10.0.0.0/24",
            "peer [* peer-as 65000] announce route 10.0.0.0/24",
            "neighbor 10.0.0.1,, announce route 10.0.0.0/24",
            "neighbor 10.0.0.1, 10.0.0.2 announce route 10.0.0.0/24",
            "peer [10.0.0.1 10.0.0.2] announce route 10.0.0.0/24",
            "peer [10.0.0.1, 10.0.0.2] teardown 6",
            "neighbor * teardown 6",
            "peer router announce route 10.0.0.0/24",
            "neighbor 10.0.0.1 teardown 6",
            "teardown 6",
            "version json",
            "version text",
            "system version json",
            "system api version 6",
            "help json",
            "reload now",
            "daemon",
            "daemon status",
            "status",
            "shutdown -h",
            "show",
            "show neighbor",
            "show neighbor configuration",
            "show neighbor 10.0.0.1 summary",
            "show neighbor summary json",
            "peer show",
            "peer show configuration",
            "peer show summary 10.0.0.1",
            "show adj-rib",
            "show adj-rib-out",
            "show adj-rib out json",
            "rib show",
            "rib show out 10.0.0.1",
            "rib flush",
            "rib clear",
            "clear adj-rib",
            "flush adj-rib in",
            "rib flush in",
            "session ping",
            "ping",
            "group start",
            "sidecar status",
        };
        for (const std::string& line : lines) {
            CAPTURE(line);
            CHECK_FALSE(spelling_varies(line));
            for (const std::string dialect : {"4.2", "5.0", "v4", "v6"})
                CHECK_FALSE(respelled(line, dialect).has_value());
        }
    }
}

}  // namespace exapulse::client
