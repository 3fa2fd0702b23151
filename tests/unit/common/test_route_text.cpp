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

    TEST_CASE("a flow rule is one in every spelling that ExaBGP takes for one") {
        const std::vector<std::vector<const char*>> rules{
            {"flow route { match { source 10.0.0.1/32; destination-port =80; } then { discard; } }",
             "flow route rule-1 { match { destination-port [ =80 ]; source-ipv4 10.0.0.1/32; } "
             "then "
             "{ rate-limit 9600; } }",
             "flow route source 10.0.0.1/32 destination-port 80 discard",
             "flow route rate-limit 9600 source 10.0.0.1/32 destination-port =80",
             "ipv4 flow source 10.0.0.1/32 destination-port =80",
             "ipv4 flow destination-port =80 accept source 10.0.0.1/32 community [ 65000:1 ]",
             "flow source-ipv4 10.0.0.1/32 destination-port =80 extended-community rate-limit:0"},
            {"flow route { match { destination 10.0.0.0/24; protocol [ =17 =6 ]; } then { redirect "
             "65000:1; mark 10; action sample-terminal; } }",
             "ipv4 flow destination 10.0.0.7/24 protocol [ udp tcp ] copy 192.0.2.1",
             "ipv4 flow interface-set [ transitive:input:1:2 ] destination 10.0.0.0/24 protocol [ "
             "=udp =tcp ] redirect-to-nexthop",
             "ipv4 flow redirect-to-nexthop-ietf 192.0.2.1 destination 10.0.0.0/24 protocol [17 "
             "6]"},
            {"flow route { rd 65000:1; match { source 10.0.0.0/24; } then { discard; } }",
             "flow route a {match{source 10.0.0.0/24;}then{discard;}rd 65000:1;}",
             "ipv4 flow-vpn rd 65000:1 source 10.0.0.0/24 discard",
             "ipv4 flow-vpn source-ipv4 10.0.0.0/24 rd 65000:1 extended-community rate-limit:0"},
            {"ipv4 flow-vpn source 10.0.0.0/24 discard"},
            {"ipv4 flow rd 65000:1 source 10.0.0.0/24"},
            {"ipv6 flow source 10.0.0.0/24"},
            {"ipv4 flow source 2001:db8::/48 discard"},
            {"flow route a { then { discard; } match { source 10.1.0.0/24; } }",
             "flow route b { match { source 10.1.0.0/24; } scope { interface-set "
             "transitive:input:1:2; } then { rate-limit 9; } }",
             "flow route source 10.1.0.0/24 rate-limit 1000 packets"},
            {"flow route a { match { source 10.1.0.0/24; } then { discard; } } route b { match { "
             "source 10.2.0.0/24; } then { discard; } }"},
            {"flow route port 80 port 443", "flow route port [ 80 =443 ]"},
            {"flow route { match { source 10.3.0.0/24; dscp =10; } }",
             "flow route source 10.3.0.0/24 traffic-class [ 10 ]"},
            {"flow route { match { protocol !=17; } }", "flow route protocol !=UDP"},
            {"flow route { match { packet-length =80&=90; } }", "flow route packet-length 80&90"},
            {"flow route { match { source 2001:DB8::/48; next-header udp; } then { discard; } }",
             "ipv6 flow source-ipv6 2001:db8::/48/0 next-header =17 discard",
             "flow source-ipv6 2001:db8::/48/0 protocol =udp"},
            {"ipv6 flow next-header udp discard", "ipv6 flow next-header 17"},
            {"ipv4 flow protocol udp", "flow route protocol udp discard"},
            {"flow route { match { tcp-flags [ =syn ]; } }", "flow route tcp-flags =syn discard"},
            {"flow route { match { tcp-flags [ syn ]; } }", "ipv4 flow tcp-flags syn accept"},
            {"flow route { match { fragment first-fragment; } }"},
            {"flow route { match { fragment =first-fragment; } }"},
            {"flow route { match { source-port >1024&<2048; } }",
             "ipv4 flow source-port >1024&<2048"},
            {"flow route { match { port [ =443 =80 ]; } }"},
            {"flow route { match { source 2001:db8::/48/8; } }"},
            {"flow route { match { source 10.0.0.0/24; } }"},
            {"flow route { match { destination 10.0.0.0/24; } }"},
            {"flow route { match { source 10.0.0.0/24; unheard-of 7; } }"},
        };
        for (std::size_t i = 0; i < rules.size(); ++i)
            for (const char* spelling : rules[i]) {
                CAPTURE(std::string(spelling));
                CHECK(nlri_in(spelling) == nlri_in(rules[i][0]));
                for (std::size_t j = 0; j < i; ++j)
                    CHECK(nlri_in(spelling) != nlri_in(rules[j][0]));
            }
    }

    TEST_CASE("what ExaBGP files under multicast, and what it tells apart otherwise") {
        CHECK(nlri_in("route 224.1.0.0/16 next-hop 192.0.2.1") ==
              nlri_in("ipv4 multicast 224.1.0.0/16"));
        CHECK(nlri_in("ipv4 unicast 224.1.0.0/16") != nlri_in("route 224.1.0.0/16"));
        CHECK(nlri_in("ipv4 unicast 10.1.0.0/16") == nlri_in("route 10.1.0.0/16"));
        CHECK(nlri_in("ipv4 multicast 10.1.0.0/16") != nlri_in("route 10.1.0.0/16"));
        const std::string session = "ipv4 mup mup-t1st 192.0.2.2/32 rd 1:1";
        CHECK(nlri_in(session + " teid 1 qfi 9 endpoint 10.0.0.1 next-hop 10.0.0.2") ==
              nlri_in(session + " teid 2 qfi 9 endpoint 10.0.0.3 source 10.0.0.4"));
        CHECK(nlri_in(session) != nlri_in("ipv4 mup mup-t1st 192.0.2.2/32 rd 1:2"));
        CHECK(nlri_in("ipv4 mup mup-t2st 10.0.0.1 rd 1:1 teid 1/32") !=
              nlri_in("ipv4 mup mup-t2st 10.0.0.1 rd 1:1 teid 2/32"));
    }

    TEST_CASE("a policy is what it is for, and what it says is an attribute") {
        const std::string policy = nlri_in(
            "ipv4 sr-policy distinguisher 0 color 100 endpoint 10.1.1.1 next-hop 192.0.2.1 "
            "preference 100 binding-sid mpls 24000 segment-list weight 1 segment type-a "
            "mpls 16001 policy-name \"a\"");
        CHECK(policy == nlri_in("ipv4 sr-policy distinguisher 0 color 100 endpoint 10.1.1.1"));
        CHECK(policy != nlri_in("ipv4 sr-policy distinguisher 1 color 100 endpoint 10.1.1.1"));
        CHECK(policy != nlri_in("ipv4 sr-policy distinguisher 0 color 100 endpoint 10.1.1.2"));
        CHECK(policy.ends_with(nlri_in("sr-policy distinguisher 0 color 100 endpoint 10.1.1.1")));
    }

    TEST_CASE("words that end early, or close what was never opened, are read to their end") {
        for (const char* text :
             {"route", "route 10.0.0.0/24 med", "route 10.0.0.0/24 community [",
              "route 10.0.0.0/24 community ] x", "route label", "route [ ( [", "flow", "flow route",
              "flow route {", "flow route x {", "ipv4 flow", "ipv6 flow-vpn rd", "ipv4 sr-policy",
              "ipv4 sr-policy endpoint", "ipv4", "flow route source"}) {
            CAPTURE(std::string(text));
            CHECK_FALSE(nlri_in(text).empty());
        }
    }
}
