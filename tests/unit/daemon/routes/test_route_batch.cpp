// SPDX-License-Identifier: BSD-3-Clause
// RouteBatch: which routes can be announced by one command.
#include <string>

#include <doctest/doctest.h>

#include "daemon/routes/route_batch.hpp"
#include "daemon/routes/route_change.hpp"

using namespace exapulse;

TEST_SUITE("route batch") {
    TEST_CASE("unicast routes with common attributes, in any form") {
        for (const std::string line :
             {"peer * announce route 10.0.0.0/24 next-hop 192.0.2.1 med 5",
              "peer * announce ipv4 unicast 10.0.0.0/24 next-hop 192.0.2.1 med 5",
              "peer *  announce  attributes next-hop 192.0.2.1 med 5 nlri 10.0.0.0/24"}) {
            CAPTURE(line);
            const auto route = batched_route(line);
            REQUIRE(route.has_value());
            CHECK(route->start == "peer * announce attributes next-hop 192.0.2.1 med 5 nlri");
            CHECK(route->prefix == "10.0.0.0/24");
        }
        const auto lists = batched_route(
            "neighbor 192.0.2.2 announce route 2001:db8::/32 next-hop self community [65000:1 "
            "65000:2] large-community [ 1:2:3 ] as-path [ 65001 ] origin igp");
        REQUIRE(lists.has_value());
        CHECK(lists->start.starts_with("neighbor 192.0.2.2 announce attributes next-hop self "));
        CHECK(batched_route("announce route 10.0.0.1 next-hop self")->prefix == "10.0.0.1");
        // A list would make it multicast, as `announce route` does.
        CHECK_FALSE(batched_route("announce ipv4 unicast 224.1.0.0/16 next-hop self"));
        CHECK(batched_route("announce route 224.1.0.0/16 next-hop self"));
    }

    TEST_CASE("what is announced so is the same route") {
        const std::string line = "peer * announce route 10.0.0.7/24 next-hop 192.0.2.1";
        const auto route = batched_route(line);
        const auto batch =
            route_changes(Request(route->start + " " + route->prefix + " 10.0.1.0/24"));
        REQUIRE(batch.size() == 2);
        CHECK(batch[0].nlri == route_changes(Request(line))[0].nlri);
        CHECK(batch[0].peers == route_changes(Request(line))[0].peers);
    }

    TEST_CASE("others go alone") {
        for (const char* line :
             {"announce route 10.0.0.0/24 next-hop self label 5",
              "announce route 10.0.0.0/24 rd 1:1 label 5 next-hop self",
              "announce route 10.0.0.0/24 path-information 1 next-hop self",
              "announce route 10.0.0.0/24 next-hop self watchdog dog",
              "announce route 10.0.0.0/24 next-hop self split /25",
              "announce route 10.0.0.0/24 next-hop self sync",
              "announce route 10.0.0.0/24 next-hop", "announce route 10.0.0.0/24",
              "announce route 10.0.0.0/24 community [ 1:1",
              "announce attributes next-hop self nlri 10.0.0.0/24 10.0.1.0/24",
              "announce attributes nlri 10.0.0.0/24",
              "announce flow route { match { source 10.0.0.0/24; } then { discard; } }",
              "announce ipv4 nlri-mpls 10.0.0.0/24 next-hop self", "announce watchdog dog",
              "withdraw route 10.0.0.0/24 next-hop self", "announce route x/24 next-hop self"}) {
            CAPTURE(line);
            CHECK_FALSE(batched_route(line).has_value());
        }
    }
}
