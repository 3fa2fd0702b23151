// SPDX-License-Identifier: BSD-3-Clause
// The lines that `hold` takes, and what undoes them.
#include <string>

#include <doctest/doctest.h>

#include "client/hold/held_line.hpp"
#include "common/route_text.hpp"

namespace exapulse::client {

TEST_CASE("a line that announces routes can be held, and no other") {
    for (const char* line :
         {"announce route 10.0.0.0/24 next-hop self",
          "peer * announce route 10.0.0.0/24 next-hop self",
          "neighbor 192.0.2.1, neighbor 192.0.2.2 announce route 10.0.0.0/24 next-hop self",
          "announce attributes next-hop self nlri 10.0.0.0/24 10.0.1.0/24",
          "announce flow route source 10.0.0.1/32 discard",
          "announce ipv4 unicast 10.0.0.0/24 next-hop self"})
        CHECK_MESSAGE(!held_line_problem(line), line);
    for (const char* line :
         {"", "announce", "announce route", "withdraw route 10.0.0.0/24", "show neighbor",
          "announce eor ipv4 unicast", "announce route-refresh ipv4 unicast",
          "announce operational asm afi ipv4", "peer * withdraw route 10.0.0.0/24",
          "announce route 10.0.0.0/24 next-hop self\nshutdown", "group start"})
        CHECK_MESSAGE(held_line_problem(line), line);
}

TEST_CASE("a watchdog can be held") {
    CHECK_FALSE(held_line_problem("announce watchdog dns"));
    CHECK(withdrawal_of("announce watchdog dns") == "withdraw watchdog dns");
}

TEST_CASE("what was announced is withdrawn by the same words, to the same peers") {
    CHECK(withdrawal_of("announce route 10.0.0.0/24 next-hop self") ==
          "withdraw route 10.0.0.0/24 next-hop self");
    CHECK(withdrawal_of("peer  192.0.2.1  announce route 10.0.0.0/24 next-hop self") ==
          "peer  192.0.2.1  withdraw route 10.0.0.0/24 next-hop self");
}

TEST_CASE("lines have the same key only if one replaces the other") {
    const auto key = [](const std::string& line) { return route_key(line); };
    const std::string plain = key("announce route 10.0.0.0/24 next-hop self");
    CHECK(plain == key("announce  route 10.0.0.0/24 next-hop 192.0.2.1 med 1000"));
    CHECK(plain == key("announce ipv4 unicast 10.0.0.0/24 next-hop self"));
    CHECK(plain != key("announce route 10.0.1.0/24 next-hop self"));
    CHECK(plain != key("peer 192.0.2.1 announce route 10.0.0.0/24 next-hop self"));
    CHECK(plain != key("announce route 10.0.0.0/24 next-hop self path-information 1"));
    CHECK(plain != key("announce route 10.0.0.0/24 rd 65000:1 next-hop self"));
    CHECK(plain != key("announce route 10.0.0.0/24 label 100 next-hop self"));
    const std::string flow = "announce flow route source 10.0.0.1/32 discard";
    CHECK(key(flow) == key(flow));
    CHECK(key(flow) != key("announce flow route source 10.0.0.2/32 discard"));
}

TEST_CASE("each route of a line is known, in a list and for every version of ExaBGP") {
    const auto keys = [](const std::string& line) { return held_routes(line); };
    const auto one = keys("peer * announce route 10.0.0.0/24 next-hop self");
    REQUIRE(one.size() == 1);
    CHECK(one == keys("announce route 10.0.0.0/24 next-hop 192.0.2.1 med 7"));
    CHECK(one == keys("announce attributes next-hop self nlri 10.0.0.0/24"));
    CHECK(one != keys("announce route 10.0.0.0/24 next-hop self path-information 1"));
    CHECK(one != keys("peer 192.0.2.1 announce route 10.0.0.0/24 next-hop self"));
    CHECK(keys("neighbor 192.0.2.1 announce route 10.0.0.0/24 next-hop self") ==
          keys("peer 192.0.2.1 announce route 10.0.0.0/24 next-hop self"));
    const auto two = keys(
        "announce attributes next-hop self as-path [ 65001, 65002 ] nlri 10.0.0.0/24 10.0.1.0/24");
    REQUIRE(two.size() == 2);
    CHECK(two[0] == one[0]);
    for (const char* line : {"", "announce", "announce route", "announce attributes next-hop self",
                             "withdraw route 10.0.0.0/24", "show neighbor"})
        CHECK_MESSAGE(keys(line).empty(), line);
}

TEST_CASE("routes are counted by their prefixes") {
    CHECK(routes_in("announce route 10.0.0.0/24 next-hop self") == 1);
    CHECK(routes_in("announce attributes next-hop self nlri 10.0.0.0/24 10.0.1.0/24") == 2);
    CHECK(routes_in("announce attribute next-hop self") == 1);
}

TEST_CASE("a file of lines: comments and empty ones are skipped, a bad one is named") {
    const HeldLines good = held_lines(
        "# anycast\n\n  announce route 10.0.0.0/24 next-hop self\r\n"
        "announce route 10.0.1.0/24 next-hop self");
    CHECK(good.problem.empty());
    CHECK(good.lines == std::vector<std::string>{"  announce route 10.0.0.0/24 next-hop self",
                                                 "announce route 10.0.1.0/24 next-hop self"});
    const HeldLines bad = held_lines("# one\nannounce route 10.0.0.0/24 next-hop self\nshow x\n");
    CHECK(bad.problem.starts_with("line 3: "));
    CHECK(held_lines("").lines.empty());
}

}  // namespace exapulse::client
