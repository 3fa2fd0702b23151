// SPDX-License-Identifier: BSD-3-Clause
// route_changes(): which commands are about the same route.
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "common/route_text.hpp"
#include "daemon/routes/route_change.hpp"

using namespace exapulse;

namespace {

std::vector<RouteChange> changes_of(const std::string& line) {
    return route_changes(Request(line));
}

/// The one change of a line.
RouteChange change_of(const std::string& line) {
    CAPTURE(line);
    auto changes = changes_of(line);
    REQUIRE(changes.size() == 1);
    return changes[0];
}

void check_same_route(const std::string& announce, const std::string& withdraw) {
    CAPTURE(announce);
    CAPTURE(withdraw);
    const RouteChange a = change_of(announce), b = change_of(withdraw);
    CHECK(a.announces);
    CHECK_FALSE(b.announces);
    CHECK(a.nlri == b.nlri);
    CHECK(a.peers == b.peers);
}

}  // namespace

TEST_SUITE("route change") {
    TEST_CASE("an announcement and its withdrawal are of one route, in any spelling") {
        const std::vector<std::pair<std::string, std::string>> pairs{
            {"announce route 10.0.0.0/24 next-hop 192.0.2.1", "withdraw route 10.0.0.0/24"},
            {"announce route 10.0.0.9/24 next-hop self",
             "withdraw route 10.0.0.0/24 next-hop self"},
            {"announce route 10.0.0.1 next-hop 192.0.2.1", "withdraw route 10.0.0.1/32"},
            {"announce  route\t10.0.0.0/24 next-hop 192.0.2.1 sync",
             "withdraw route 10.0.0.0/24 async"},
            {"peer * announce route 10.0.0.0/24 next-hop 192.0.2.1", "withdraw route 10.0.0.0/24"},
            {"announce ipv4 unicast 10.0.0.0/24 next-hop 192.0.2.1", "withdraw route 10.0.0.0/24"},
            {"announce route 2001:DB8:0::/32 next-hop ::1", "withdraw route 2001:db8::/32"},
            {"announce route 10.0.0.0/24 next-hop 192.0.2.1 community [ 65000:1, 65000:2 ] med 5",
             "withdraw route 10.0.0.0/24 med 7"},
            {"announce route 10.0.0.0/24 next-hop 192.0.2.1 as-path [ 1 ( 2 3 ) 4 ] origin igp",
             "withdraw route 10.0.0.0/24"},
            {"announce route 10.0.0.0/24 next-hop 192.0.2.1 aggregator ( 65000:10.0.0.1 )",
             "withdraw route 10.0.0.0/24"},
            {"announce route 10.0.0.0/24 next-hop 192.0.2.1 path-information 0.0.1.1",
             "withdraw route 10.0.0.0/24 path-information 257 next-hop 192.0.2.1"},
            {"announce route 10.0.0.0/24 rd 65000:1 label 100 next-hop 192.0.2.1",
             "withdraw route 10.0.0.0/24 label [ 200 ] route-distinguisher 65000:1"},
            {"announce ipv4 mpls-vpn 10.0.0.0/24 rd 65000:1 label 100 next-hop 192.0.2.1",
             "withdraw route 10.0.0.0/24 rd 65000:1 label 100"},
            {"announce ipv4 nlri-mpls 10.0.0.0/24 label 100 next-hop 192.0.2.1",
             "withdraw route 10.0.0.0/24 label 7"},
            {"announce flow route { match { source 10.0.0.1/32; destination-port =80; } then { "
             "discard; } }",
             "withdraw flow route { match { destination-port =80; source 10.0.0.1/32; } then { "
             "rate-limit 9600; } }"},
            {"announce flow route { match { source 10.0.0.1/32; } then { discard; } }",
             "withdraw flow route { match { source 10.0.0.1/32; } }"},
            {"announce flow route destination 10.0.0.0/24 rate-limit 0",
             "withdraw flow route { match { destination 10.0.0.0/24; } }"},
            {"announce ipv4 flow source 10.0.0.0/24 destination-port =80 discard",
             "withdraw ipv4 flow source 10.0.0.0/24 destination-port =80"},
            {"announce ipv4 sr-policy distinguisher 0 color 100 endpoint 10.1.1.1 next-hop "
             "192.0.2.1 preference 100 segment-list weight 1 segment type-a mpls 16001",
             "withdraw ipv4 sr-policy distinguisher 0 color 100 endpoint 10.1.1.1"},
            {"announce vpls endpoint 5 base 10702 offset 1 size 8 rd 192.168.201.1:123 next-hop "
             "192.0.2.1 origin igp",
             "withdraw vpls rd 192.168.201.1:123 endpoint 5 base 10702 size 8 offset 1"},
            {"announce attributes next-hop 192.0.2.1 med 5 nlri 10.0.0.0/24",
             "withdraw route 10.0.0.0/24"},
            {"neighbor 192.0.2.2, neighbor 192.0.2.3 announce route 10.0.0.0/24 next-hop self",
             "peer [192.0.2.3, 192.0.2.2] withdraw route 10.0.0.0/24"},
            {"neighbor 192.0.2.2 local-as 65000 announce route 10.0.0.0/24 next-hop self",
             "peer 192.0.2.2 local-as 65000 withdraw route 10.0.0.0/24"},
            {"announce mup mup-isd 10.0.1.0/24 rd 100:100 next-hop 192.0.2.1",
             "withdraw mup mup-isd 10.0.1.0/24 rd 100:100"},
            {"announce ipv4 multicast 239.1.0.0/24 next-hop 192.0.2.1",
             "withdraw route 239.1.0.0/24"},
            {"announce ipv4 mcast-vpn source-join source 192.0.2.2 group 239.1.0.1 rd 1:1 "
             "source-as 65000 next-hop 192.0.2.1",
             "withdraw ipv4 mcast-vpn source-join rd 1:1 source-as 65000 group 239.1.0.1 source "
             "192.0.2.2"},
        };
        for (const auto& [announce, withdraw] : pairs) check_same_route(announce, withdraw);
    }

    TEST_CASE("different routes are never one") {
        const std::vector<std::string> lines{
            "announce route 10.0.0.0/24 next-hop 192.0.2.1",
            "announce route 10.0.0.0/25 next-hop 192.0.2.1",
            "announce route 10.0.1.0/24 next-hop 192.0.2.1",
            "announce route 10.0.0.0/24 next-hop 192.0.2.1 path-information 1",
            "announce route 10.0.0.0/24 next-hop 192.0.2.1 path-information 2",
            "announce route 10.0.0.0/24 next-hop 192.0.2.1 label 100",
            "announce route 10.0.0.0/24 next-hop 192.0.2.1 rd 65000:1 label 100",
            "announce route 10.0.0.0/24 next-hop 192.0.2.1 rd 65000:2 label 100",
            "announce route 10.0.0.0/24 next-hop 192.0.2.1 split /25",
            "announce ipv4 multicast 10.0.0.0/24 next-hop 192.0.2.1",
            "announce route ::a00:0/120 next-hop ::1",
            "announce flow route { match { source 10.0.0.0/24; } then { discard; } }",
            "announce flow route { match { destination 10.0.0.0/24; } then { discard; } }",
            "announce flow route { match { source 10.0.0.0/24; port =80; } then { discard; } }",
            "announce flow route { rd 1:1; match { source 10.0.0.0/24; } then { discard; } }",
            "announce vpls endpoint 5 base 10702 offset 1 size 8 rd 1:1 next-hop 192.0.2.1",
            "announce vpls endpoint 6 base 10702 offset 1 size 8 rd 1:1 next-hop 192.0.2.1",
            "announce route 10.0.0.0/24 next-hop 192.0.2.1 unheard-of 5",
        };
        for (std::size_t i = 0; i < lines.size(); ++i)
            for (std::size_t j = 0; j < i; ++j) {
                CAPTURE(lines[i]);
                CAPTURE(lines[j]);
                CHECK(change_of(lines[i]).nlri != change_of(lines[j]).nlri);
            }
    }

    TEST_CASE("the peers that it goes to") {
        CHECK(change_of("announce route 10.0.0.0/24 next-hop self").peers.empty());
        CHECK(change_of("peer * announce route 10.0.0.0/24 next-hop self").peers.empty());
        CHECK(change_of("neighbor 192.0.2.2 announce route 10.0.0.0/24 next-hop self").peers ==
              "192.0.2.2");
        CHECK(change_of("peer [192.0.2.3, 192.0.2.2] announce route 10.0.0.0/24 next-hop self")
                  .peers == "192.0.2.2,192.0.2.3");
    }

    TEST_CASE("a list of prefixes, and a group, are several changes, each with its command") {
        const auto list = changes_of(
            "peer 192.0.2.2 announce attributes next-hop 192.0.2.1 community [ 65000:1 ] "
            "nlri 10.0.0.0/24 10.0.1.0/24 2001:db8::/32");
        REQUIRE(list.size() == 3);
        CHECK(list[1].line ==
              "peer 192.0.2.2 announce attributes next-hop 192.0.2.1 community [ 65000:1 ] nlri "
              "10.0.1.0/24");
        CHECK(list[1].peers == "192.0.2.2");
        for (const RouteChange& change : list) {
            CHECK(change_of(change.line).nlri == change.nlri);
            CHECK(change_of(change.line).peers == change.peers);
        }
        const auto group = changes_of(
            "peer * group announce route 10.0.0.0/24 next-hop 192.0.2.1 ; withdraw route "
            "10.0.1.0/24");
        REQUIRE(group.size() == 2);
        CHECK(group[0].announces);
        CHECK(group[0].line == "peer * announce route 10.0.0.0/24 next-hop 192.0.2.1");
        CHECK_FALSE(group[1].announces);
        CHECK(group[1].nlri == change_of("withdraw route 10.0.1.0/24").nlri);
    }

    TEST_CASE("the state of a watchdog is kept, whichever it is") {
        const auto off = change_of("withdraw watchdog dog"),
                   on = change_of("announce watchdog dog");
        CHECK(off.announces);
        CHECK(on.announces);
        CHECK(on.nlri == off.nlri);
        CHECK(off.line == "withdraw watchdog dog");
        CHECK(withdrawal_of(on.line) == "withdraw watchdog dog");
    }

    TEST_CASE("what changes no route") {
        for (const char* line :
             {"show adj-rib out", "announce eor ipv4 unicast",
              "announce route-refresh ipv4 unicast",
              "announce operational asm afi ipv4 safi unicast advisory \"x\"", "teardown 6",
              "announce", "announce route", "", "peer * group", "rib clear out"}) {
            CAPTURE(std::string(line));
            CHECK(changes_of(line).empty());
        }
    }

    TEST_CASE("the command of a replay waits for nothing, and can be turned round") {
        CHECK(change_of("announce route 10.0.0.0/24 next-hop self sync").line ==
              "announce route 10.0.0.0/24 next-hop self");
        CHECK(withdrawal_of("neighbor 192.0.2.2 announce route 10.0.0.0/24 next-hop self") ==
              "neighbor 192.0.2.2 withdraw route 10.0.0.0/24 next-hop self");
        CHECK(withdrawal_of("withdraw route 10.0.0.0/24").empty());
    }
}
