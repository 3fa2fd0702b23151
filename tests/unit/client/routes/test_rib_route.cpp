// SPDX-License-Identifier: BSD-3-Clause
// What ExaBGP's versions show of their Adj-RIB-Out, and of their peers.
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "client/routes/few_routes.hpp"
#include "client/routes/rib_peers.hpp"
#include "client/routes/rib_route.hpp"
#include "client/routes/route_key.hpp"
#include "client/routes/shown_text.hpp"
#include "common/route_text.hpp"
#include "common/tokens.hpp"

using namespace exapulse::client;

namespace {

using Shown = std::vector<std::pair<std::string, RibRoute>>;

const std::string peer_name =
    "neighbor 127.0.0.2 local-ip 127.0.0.1 local-as 65000 peer-as 65001 router-id 10.0.0.9 "
    "family-allowed in-open";

template <class Read>
Shown shown_by(Read read, const std::string& line, bool is_one = true) {
    CAPTURE(line);
    Shown shown;
    CHECK(read(line, [&](std::string_view peer, RibRoute route) {
              shown.emplace_back(peer, std::move(route));
          }) == is_one);
    return shown;
}

std::string attribute_of(const RibRoute& route, const std::string& name) {
    for (const auto& one : route.attributes.value())
        if (one.name == name) return one.value;
    return "none";
}

std::string text_nlri(const std::string& text) {
    const auto shown = shown_by(read_rib_text, peer_name + ' ' + text);
    REQUIRE(shown.size() == 1);
    CHECK(shown[0].first == peer_name);
    CHECK(shown[0].second.whole);
    return shown[0].second.nlri;
}

}  // namespace

TEST_SUITE("rib route") {
    TEST_CASE("a line of text: the peer, the NLRI and the attributes") {
        CHECK(text_nlri("ipv4 unicast 10.1.0.0/24 next-hop 192.0.2.1") == "unicast 10.1.0.0/24");
        CHECK(text_nlri("ipv6 unicast 2001:db8::/48 next-hop ::1 community 65000:7") ==
              "unicast 2001:db8::/48");
        CHECK(text_nlri("ipv4 unicast 10.1.3.0/24 path-information 0.0.1.1 next-hop 192.0.2.1 "
                        "atomic-aggregate aggregator ( 65000:10.0.0.1 )") ==
              "unicast 10.1.3.0/24 path-information 257");
        CHECK(text_nlri("ipv4 nlri-mpls 10.1.7.0/24 label 100 next-hop 192.0.2.1") ==
              "label 10.1.7.0/24");
        // 5.0 names another family for some of them.
        CHECK(text_nlri("ipv4 unicast 10.1.6.0/24 label [ 100 200 ] next-hop ::1 rd 65000:1") ==
              "vpn 10.1.6.0/24 rd 65000:1");
        CHECK(text_nlri("ipv4 unicast 239.1.0.0/24 next-hop 192.0.2.1") == "unicast 239.1.0.0/24");
        CHECK(text_nlri("ipv4 multicast 10.1.0.0/24 next-hop 192.0.2.1") ==
              "multicast 10.1.0.0/24");
        CHECK(text_nlri("l2vpn vpls vpls rd 192.168.201.1:123 endpoint 5 base 10702 offset 1 size "
                        "8 next-hop 192.168.201.1") ==
              "vpls base 10702 endpoint 5 offset 1 rd 192.168.201.1:123 size 8");
        CHECK(text_nlri("ipv6 flow flow next-header =udp") == "ipv6 flow protocol udp");
        CHECK(text_nlri("ipv4 flow flow protocol =udp") == "flow protocol udp");
        CHECK(key_of(text_nlri("ipv4 flow flow source-ipv4 10.0.0.1/32 protocol [ =tcp =udp ] "
                               "extended-community rate-limit:9600"))
                  .group == "flow");
        const auto shown = shown_by(
            read_rib_text, peer_name + " ipv4 unicast 10.1.1.0/24 next-hop self origin egp med 5");
        CHECK(attribute_of(shown[0].second, "med") == "5");
        CHECK(attribute_of(shown[0].second, "next-hop") == "none");
        for (const char* line : {"", "done", "neighbor", "neighbor 10.0.0.1", "x y z a b"})
            shown_by(read_rib_text, line, false);
        shown_by(read_rib_text, peer_name, false);
        shown_by(read_rib_text, peer_name + " ipv4 unicast", false);
    }

    TEST_CASE("a line of ExaBGP 6: a prefix without what else tells routes apart") {
        const auto shown = shown_by(
            read_rib_json,
            R"({"127.0.0.2": {"routes": [{"family": "ipv4 unicast", "prefix": "10.1.0.0/24"}]}})");
        REQUIRE(shown.size() == 1);
        CHECK(shown[0].first == "127.0.0.2");
        CHECK(shown[0].second.nlri == "unicast 10.1.0.0/24");
        CHECK_FALSE(shown[0].second.whole);
        CHECK_FALSE(shown[0].second.attributes);
        const auto vpn = shown_by(
            read_rib_json,
            R"({"::1": {"routes": [{"family": "x"}, {"family": "ipv4 mpls-vpn", "prefix": "10.1.4.0/24"}]}})");
        CHECK(vpn.at(0).second.nlri == "vpn 10.1.4.0/24");
        const auto flow = shown_by(
            read_rib_json,
            R"({"::1": {"routes": [{"family": "ipv4 flow", "nlri": "flow source-ipv4 10.0.0.1/32"}]}})");
        CHECK(key_of(flow.at(0).second.nlri).group == "flow");
        for (const char* line : {"", "[]", "{\"x\": 1}", "{\"x\": {\"routes\": 1}}", "{\"x\""})
            shown_by(read_rib_json, line, false);
    }

    TEST_CASE("the list of ExaBGP 6: whole routes, with their attributes") {
        const auto shown = shown_by(
            read_route_list,
            R"([{"index": "30", "route": "10.1.5.0/24 label 100 (1601) next-hop 192.0.2.1 med 5", "neighbor": ")" +
                peer_name + R"("}])");
        REQUIRE(shown.size() == 1);
        CHECK(shown[0].first == peer_name);
        CHECK(shown[0].second.nlri == "label 10.1.5.0/24");
        CHECK(attribute_of(shown[0].second, "med") == "5");
        CHECK(shown_by(read_route_list, "[]").empty());
        shown_by(read_route_list, R"([{"index": "30)", false);
    }

    TEST_CASE("what routes have in common, and whether there is more to tell them apart") {
        const RouteKey plain = key_of("unicast 10.0.0.0/24"),
                       path = key_of("unicast 10.0.0.0/24 path-information 7");
        CHECK(plain.exact);
        CHECK(path.exact);
        CHECK(plain.group == path.group);
        CHECK(plain.family == "ipv4 unicast");
        CHECK(key_of("unicast 224.1.0.0/24").family == "ipv4 unicast");
        CHECK(key_of("multicast 10.1.0.0/24").family == "ipv4 multicast");
        CHECK(key_of("vpn 2001:db8::/32 rd 1:1").family == "ipv6 mpls-vpn");
        CHECK_FALSE(key_of("unicast 10.0.0.0/24 unheard-of 5").exact);
        CHECK_FALSE(key_of("flow source 10.0.0.1/32").exact);
        CHECK(key_of("flow-vpn rd 1:1 source 10.0.0.1/32").kind == "flow-vpn");
        CHECK(key_of("ipv4 mup mup-isd 10.0.1.0/24 rd 100:100").kind == "mup");
        CHECK(key_of("flow source 10.0.0.1/32").family == "ipv4 flow");
        CHECK(key_of("flow protocol tcp").family.empty());
        CHECK(key_of("ipv6 flow protocol tcp").family == "ipv6 flow");
        CHECK(key_of("ipv6 flow protocol tcp").kind == "flow");
        CHECK(key_of("").kind.empty());
        CHECK(has_kind("ipv4 nlri-mpls", "label"));
        CHECK(has_kind("l2vpn vpls", "vpls"));
        CHECK_FALSE(has_kind("ipv4 flow", "flow-vpn"));
    }

    TEST_CASE("a route of mup or mcast-vpn in the words of the command and in those of ExaBGP") {
        const std::vector<std::pair<const char*, const char*>> pairs{
            {"ipv4 mup mup-isd 10.0.1.0/24 rd 100:100", "mup:isd::100:100:10.0.1.0/24"},
            {"ipv6 mup mup-isd 2001:DB8:7::/64 rd 100:100", "mup:isd::100:100:2001:db8:7::/64"},
            {"ipv4 mup mup-dsd 10.0.0.1 rd 100:100", "mup:dsd::100:100:10.0.0.1"},
            {"ipv4 mup mup-t1st 192.168.0.0/24 rd 100:100 teid 12345 qfi 9 endpoint 10.0.0.1",
             "mup:t1st::100:100:192.168.0.0/24:12345:9:10.0.0.1/24"},
            {"ipv6 mup mup-t1st 2001:db8::/64 rd 100:100 teid 5",
             "mup:t1st::100:100:2001:db8::/64:6:9:2001:db8::1/64"},
            {"ipv4 mup mup-t1st 192.168.0.2/32 rd 100:100 teid 12345 qfi 9 endpoint 10.0.0.1 "
             "source 10.0.1.1",
             "mup:t1st::100:100:192.168.0.2/32:12345:9:10.0.0.1/32:10.0.1.1/32"},
            {"ipv4 mup mup-t2st 10.0.0.1 rd 100:100 teid 12345/32",
             "mup:t2st::100:100:64:10.0.0.1:12345:"},
            {"ipv4 mcast-vpn shared-join rp 10.99.199.1 group 239.251.255.228 rd 65000:99999 "
             "source-as 65000",
             "mvpn:shared-join::65000:99999:65000:10.99.199.1:239.251.255.228"},
            {"ipv4 mcast-vpn source-join source 10.99.12.2 group 239.251.255.228 rd 65000:99999 "
             "source-as 65000",
             "mvpn:source-join::65000:99999:65000:10.99.12.2:239.251.255.228"},
            {"ipv6 mcast-vpn source-ad source fd12::4 group ff0e::1 rd 65000:99999",
             "mvpn:sourcead::65000:99999:fd12::4:ff0e::1"},
        };
        for (const auto& pair : pairs) {
            const std::string command = pair.first, shown = pair.second;
            CAPTURE(command);
            const auto words = exapulse::tokens(command);
            const RouteKey key = key_of(exapulse::read_route(words).nlri),
                           other = key_of(
                               text_nlri(fmt::format("{} {} {}", words[0], words[1], shown)));
            CHECK(key.text == other.text);
            CHECK(key.group == other.group);
            CHECK(key.family == other.family);
        }
        // ExaBGP's list of its routes names no family.
        CHECK(key_of("mup:dsd::100:100:10.0.0.1").kind == "mup");
        CHECK(key_of("mvpn:sourcead::1:1:10.0.0.1:239.0.0.1").kind == "mcast-vpn");
        CHECK(key_of("ipv4 sr-policy distinguisher 0 color 1 endpoint 10.0.0.1/32").text ==
              key_of(text_nlri("ipv4 sr-policy sr-policy distinguisher 0 color 1 endpoint "
                               "10.0.0.1"))
                  .text);
        CHECK(key_of(text_nlri("l2vpn evpn evpn:mac::1:1:x")).family == "l2vpn evpn");
        CHECK(key_of(text_nlri("l2vpn evpn evpn:mac::1:1:x")).group == "evpn");
        // What can't be said in ExaBGP's words is only counted.
        for (const char* nlri : {"ipv4 mup mup-t2st 10.0.0.1/32 rd 100:100 teid 5/8",
                                 "ipv4 mup mup-t2st 10.0.0.1/32 rd 100:100", "ipv4 mup mup-isd",
                                 "mup mup", "mup x 10.0.0.0/24 rd 1:1", "ipv4 mcast-vpn", "mup",
                                 "ipv4 mcast-vpn shared-join rp 10.0.0.1/32 rd 1:1"}) {
            CAPTURE(nlri);
            CHECK(shown_text(nlri).empty());
            CHECK_FALSE(key_of(nlri).exact);
        }
        CHECK(key_of("ipv6 mup mup-isd 2001:db8::/64 rd 1:1").family == "ipv6 mup");
    }

    TEST_CASE("few routes are held back, many are not") {
        std::size_t many = 0;
        const OnRibRoute on_many = [&](std::string_view peer, const RibRoute&) {
            CHECK(peer == "b");
            ++many;
        };
        FewRoutes routes(on_many);
        routes.take("a", {"unicast 10.0.0.0/24"});
        for (std::size_t i = 0; i <= FewRoutes::few; ++i) routes.take("b", {"x"});
        CHECK(many == FewRoutes::few + 1);
        for (std::size_t i = 0; i < FewRoutes::few; ++i) routes.take("c", {"x"});
        const auto& few = routes.end();
        CHECK(many == FewRoutes::few + 1);
        REQUIRE(few.size() == 2);
        CHECK(few.at("a").size() == 1);
        CHECK(few.at("c").size() == FewRoutes::few);
    }
}

TEST_SUITE("rib peers") {
    TEST_CASE("the configuration of 4.2 and 5.0: families, and whether routes are remembered") {
        ConfigurationReader reader;
        for (const char* line : {"neighbor 127.0.0.2 {",
                                 "  description \"\";",
                                 "  router-id 10.0.0.9;",
                                 "  local-address 127.0.0.1;",
                                 "  local-as 65000;",
                                 "  peer-as 65001;",
                                 "",
                                 "  adj-rib-out false;",
                                 "  capability {",
                                 "    asn4 enable;",
                                 "  }",
                                 "  family {",
                                 "    ipv4 unicast;",
                                 "    l2vpn vpls;",
                                 "  }",
                                 "  add-path {",
                                 "    ipv6 unicast;",
                                 "  }",
                                 "}",
                                 "neighbor 127.0.0.3 {",
                                 "  adj-rib-out true;",
                                 "}"})
            reader.read(line);
        const auto peers = reader.take();
        REQUIRE(peers.size() == 2);
        CHECK(peers[0].address == "127.0.0.2");
        CHECK(peers[0].families == std::set<std::string>{"ipv4 unicast", "l2vpn vpls"});
        CHECK(peers[0].shown == false);
        CHECK(peers[1].shown == true);
        CHECK_FALSE(peers[1].families);
        CHECK(same_peer(peer_named(peer_name), peers[0]));
        CHECK_FALSE(same_peer(peer_named("neighbor 127.0.0.2 peer-as 65002"), peers[0]));
    }

    TEST_CASE("the JSON of 6.0") {
        const auto peers = read_peer_show(
            R"([{"local": {"families": {"ipv4 unicast": true, "ipv4 flow": false}, "address": "127.0.0.1", "as": 65000, "id": "10.0.0.9"}, "peer": {"address": "127.0.0.2", "as": 65001}}])");
        REQUIRE(peers);
        REQUIRE(peers->size() == 1);
        CHECK(peers->at(0).families == std::set<std::string>{"ipv4 unicast"});
        CHECK_FALSE(peers->at(0).shown);
        CHECK(PeerTerms("127.0.0.2 peer-as 65001").match(peers->at(0)) == PeerTerms::Match::Yes);
        CHECK(PeerTerms("127.0.0.2 peer-as 65002").match(peers->at(0)) == PeerTerms::Match::No);
        CHECK_FALSE(read_peer_show("[{\"local\": {"));
    }

    TEST_CASE("the peers that a route goes to") {
        const RibPeer peer = peer_named("192.0.2.1");
        using Match = PeerTerms::Match;
        CHECK(PeerTerms("*").match(peer) == Match::Yes);
        CHECK(PeerTerms("*").everyone());
        CHECK(PeerTerms("192.0.2.2,192.0.2.1").match(peer) == Match::Yes);
        CHECK(PeerTerms("192.0.2.2").match(peer) == Match::No);
        CHECK(PeerTerms("192.0.2.1 peer-as 65001").match(peer) == Match::Perhaps);
        CHECK(PeerTerms("* peer-as 65001").match(peer) == Match::Perhaps);
        CHECK(PeerTerms("2001:DB8::1").match(peer_named("2001:db8::1")) == Match::Yes);
        CHECK(PeerTerms("192.0.2.2,192.0.2.1").addresses().size() == 2);
    }
}
