// SPDX-License-Identifier: BSD-3-Clause
// read_route(): what is a route's NLRI and what are its attributes.
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "common/route_text.hpp"
#include "common/tokens.hpp"

using namespace exapulse;

namespace {

using Values = std::vector<std::string_view>;

std::string nlri_in(std::string_view text) {
    return read_route(tokens(text)).nlri;
}

}  // namespace

TEST_SUITE("route text") {
    TEST_CASE("attributes are told apart from the NLRI, each with its values") {
        const std::string text =
            "route 10.0.0.9/24 next-hop 192.0.2.1 med 5 community [65000:1, 65000:2] label 7 "
            "as-path [ 1 ( 2 3 ) 4 ] origin igp atomic-aggregate";
        const auto words = tokens(text);
        const RouteText route = read_route(words);
        CHECK(route.nlri == "label 10.0.0.0/24");
        REQUIRE(route.attributes.size() == 5);
        CHECK(route.attributes[0].name == "next-hop");
        CHECK(route.attributes[0].values == Values{"192.0.2.1"});
        CHECK(route.attributes[1].values == Values{"5"});
        CHECK(route.attributes[2].name == "community");
        CHECK(route.attributes[2].values == Values{"65000:1", "65000:2"});
        CHECK_FALSE(route.attributes[2].nested);
        CHECK(route.attributes[3].name == "as-path");
        CHECK(route.attributes[3].values == Values{"1", "(", "2", "3", ")", "4"});
        CHECK(route.attributes[3].nested);
        CHECK(route.attributes[4].values == Values{"igp"});
    }

    TEST_CASE("what ExaBGP shows is read as what announced it") {
        CHECK(nlri_in("route 10.1.6.0/24 label [ 100 (1600) 200 (3201) ] rd 65000:1 next-hop "
                      "192.0.2.1") == nlri_in("ipv4 mpls-vpn 10.1.6.0/24 rd 65000:1 label 1"));
        CHECK(nlri_in("route 10.1.5.0/24 label 100 (1601) next-hop 192.0.2.1") !=
              nlri_in("route 10.1.5.0/24 next-hop 192.0.2.1"));
        CHECK(nlri_in("route 10.1.3.0/24 path-information 0.0.1.1 next-hop 192.0.2.1") ==
              nlri_in("route 10.1.3.0/24 next-hop 192.0.2.1 path-information 257"));
        CHECK(nlri_in("vpls rd 192.168.201.1:123 endpoint 5 base 10702 offset 1 size 8") ==
              nlri_in("vpls endpoint 5 base 10702 offset 1 size 8 rd 192.168.201.1:123"));
    }

    TEST_CASE("words that end early, or close what was never opened, are read to their end") {
        for (const char* text : {"route", "route 10.0.0.0/24 med", "route 10.0.0.0/24 community [",
                                 "route 10.0.0.0/24 community ] x", "route label", "route [ ( ["}) {
            CAPTURE(std::string(text));
            CHECK_FALSE(nlri_in(text).empty());
        }
    }
}
