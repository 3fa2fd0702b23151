// SPDX-License-Identifier: BSD-3-Clause
// RouteComparison: what ExaBGP lacks, has otherwise, or has beside.
#include <algorithm>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/unit/client/routes/compared_routes.hpp"

using namespace exapulse::client;
using namespace exapulse::test;

namespace {

using What = RouteFinding::What;
using Strings = std::vector<std::string>;

}  // namespace

TEST_SUITE("route comparison") {
    TEST_CASE("all there") {
        ComparedRoutes exabgp;
        exabgp.announce(1, announcement_of("10.1.0.0/24"));
        exabgp.announce(2, announcement_of("10.2.0.0/24"), "10.0.0.2");
        exabgp.show("10.0.0.1", shown_a);
        exabgp.show("10.0.0.2", shown_b);
        exabgp.show("10.0.0.2", shown_a);
        const RouteFindings found = exabgp.findings();
        CHECK(found.all_well());
        CHECK(found.extras() == 0);
        CHECK(found.routes == 2);
        CHECK(found.not_compared.empty());
        CHECK(found.attributes_not_compared == 0);
    }

    TEST_CASE("missing at one peer, and everywhere") {
        ComparedRoutes exabgp;
        exabgp.announce(1, announcement_of("10.1.0.0/24"));
        exabgp.announce(2, announcement_of("10.2.0.0/24"));
        exabgp.show("10.0.0.2", shown_a);
        const RouteFindings found = exabgp.findings();
        REQUIRE(found.wrong.size() == 2);
        CHECK(found.wrong.at(1).what == What::Missing);
        CHECK(found.wrong.at(1).peers == Strings{"10.0.0.1"});
        CHECK(found.wrong.at(2).peers == Strings{"10.0.0.2", "10.0.0.1"});
    }

    TEST_CASE("a peer without the family, or whose routes are not remembered, lacks nothing") {
        ComparedRoutes exabgp;
        exabgp.peers = {peer_at("10.0.0.1"), peer_at("10.0.0.2", {"ipv6 unicast"}),
                        peer_at("10.0.0.3")};
        exabgp.peers[2].shown = false;
        exabgp.announce(1, announcement_of("10.1.0.0/24"));
        exabgp.announce(2, announcement_of("2001:db8::/48"));
        exabgp.announce(3, announcement_of("10.3.0.0/24"), "10.0.0.3");
        exabgp.announce(4, announcement_of("10.4.0.0/24", " label 100"));
        exabgp.show("10.0.0.1", shown_a);
        exabgp.show("10.0.0.2", "ipv6 unicast 2001:db8::/48 next-hop 192.0.2.1");
        const RouteFindings found = exabgp.findings();
        CHECK(found.all_well());
        CHECK(found.not_compared.at("unicast") == 1);
        CHECK(found.not_compared.at("label") == 1);
        exabgp.rib.erase(exabgp.rib.begin());
        CHECK(exabgp.findings().wrong.at(1).peers == Strings{"10.0.0.1"});
    }

    TEST_CASE("where families are not known, other routes of it show that a peer has it") {
        ComparedRoutes exabgp;
        exabgp.peers.clear();
        exabgp.announce(1, announcement_of("10.1.0.0/24"));
        exabgp.announce(2, announcement_of("10.2.0.0/24"));
        exabgp.announce(3, announcement_of("10.3.0.0/24"), "10.0.0.7");
        exabgp.show("10.0.0.1", shown_a);
        exabgp.show("10.0.0.1", shown_b);
        exabgp.show("10.0.0.2", shown_a);
        exabgp.show("10.0.0.3", "ipv6 unicast 2001:db8::/48 next-hop ::1");
        const RouteFindings found = exabgp.findings();
        REQUIRE(found.wrong.size() == 2);
        CHECK(found.wrong.at(2).peers == Strings{"10.0.0.2"});
        CHECK(found.wrong.at(3).what == What::Missing);
        CHECK(found.wrong.at(3).peers == Strings{"10.0.0.7"});
        exabgp.rib.clear();
        const RouteFindings none = exabgp.findings();
        CHECK(none.count(What::Missing) == 3);
        CHECK(none.wrong.at(1).peers.empty());
    }

    TEST_CASE("a peer that ExaBGP does not have") {
        ComparedRoutes exabgp;
        exabgp.announce(1, announcement_of("10.1.0.0/24"), "10.0.0.9");
        const RouteFindings found = exabgp.findings();
        CHECK(found.wrong.at(1).what == What::NoSuchPeer);
        CHECK(found.wrong.at(1).peers == Strings{"10.0.0.9"});
    }

    TEST_CASE("the peers of a range are not known before they connect") {
        ComparedRoutes exabgp;
        exabgp.peers = {peer_at("10.0.0.0/24"), peer_at("10.0.1.1")};
        exabgp.announce(1, announcement_of("10.1.0.0/24"));
        exabgp.announce(2, announcement_of("10.2.0.0/24"), "10.0.0.9");
        exabgp.show("10.0.1.1", shown_a);
        const RouteFindings found = exabgp.findings();
        CHECK(found.all_well());
        CHECK(found.not_compared.at("unicast") == 1);
    }

    TEST_CASE("other attributes are reported with the peers that get them") {
        ComparedRoutes exabgp;
        exabgp.announce(1, announcement_of("10.1.0.0/24", " med 5"));
        exabgp.show("10.0.0.1", shown_a + " med 5");
        exabgp.show("10.0.0.2", shown_a + " med 6");
        const RouteFindings found = exabgp.findings();
        CHECK(found.wrong.at(1).what == What::Different);
        CHECK(found.wrong.at(1).peers == Strings{"10.0.0.2"});
        CHECK(found.wrong.at(1).differences.at(0).found == "6");
        exabgp.rib.erase(exabgp.rib.begin());
        CHECK(exabgp.findings().wrong.at(1).what == What::Missing);
    }

    TEST_CASE("what was said last to a peer counts there") {
        ComparedRoutes exabgp;
        exabgp.announce(1, announcement_of("10.1.0.0/24", " med 5"));
        exabgp.announce(2, announcement_of("10.1.0.0/24", " med 6"), "10.0.0.2");
        exabgp.announce(3, announcement_of("10.2.0.0/24"));
        exabgp.announce(4, "withdraw route 10.2.0.0/24", "10.0.0.1");
        exabgp.show("10.0.0.1", shown_a + " med 5");
        exabgp.show("10.0.0.2", shown_a + " med 6");
        exabgp.show("10.0.0.2", shown_b);
        const RouteFindings found = exabgp.findings();
        CHECK(found.all_well());
        CHECK(found.routes == 3);
        exabgp.show("10.0.0.1", shown_b);
        std::stable_sort(exabgp.rib.begin(), exabgp.rib.end());
        const RouteFindings still = exabgp.findings();
        REQUIRE(still.wrong.size() == 1);
        CHECK(still.wrong.at(4).what == What::NotWithdrawn);
        CHECK(still.wrong.at(4).peers == Strings{"10.0.0.1"});
    }

    TEST_CASE("routes that nobody announced through exapulsed are extra, and no error") {
        ComparedRoutes exabgp;
        exabgp.announce(1, announcement_of("10.2.0.0/24"), "10.0.0.2");
        exabgp.show("10.0.0.1", shown_a);
        exabgp.show("10.0.0.1", shown_b);
        exabgp.show("10.0.0.2", shown_b);
        const RouteFindings found = exabgp.findings();
        CHECK(found.all_well());
        REQUIRE(found.extra.size() == 2);
        CHECK(found.extra[0].nlri == "unicast 10.1.0.0/24");
        CHECK(found.extra[1].peer == "10.0.0.1");
    }

    TEST_CASE("no more extra routes are held than can be of use") {
        ComparedRoutes exabgp;
        RouteComparison comparison(exabgp.expected, exabgp.peers, std::nullopt);
        const std::size_t many = RouteFindings::most_extra + 7;
        for (std::size_t i = 0; i < many; ++i)
            comparison.see("10.0.0.1",
                           {fmt::format("unicast 10.{}.{}.0/24", i / 256, i % 256), true});
        const RouteFindings found = comparison.end();
        CHECK(found.extras() == many);
        CHECK(found.extra.size() == RouteFindings::most_extra);
    }

    TEST_CASE("rules that are shown in other words are counted, and missing if no other is left") {
        ComparedRoutes exabgp;
        exabgp.peers = {peer_at("10.0.0.1", {"ipv4 unicast", "ipv4 flow"})};
        exabgp.announce(1, "announce flow route source 10.0.0.1/32 then discard");
        exabgp.announce(2, "announce flow route source 10.0.0.2/32 port 80 then discard",
                        "10.0.0.1");
        const std::string first = "ipv4 flow flow source-ipv4 10.0.0.1/32",
                          second = "ipv4 flow flow source-ipv4 10.0.0.2/32 port =http";
        exabgp.show("10.0.0.1", first);
        CHECK(exabgp.findings().wrong.at(2).what == What::Missing);
        exabgp.show("10.0.0.1", second);
        const RouteFindings found = exabgp.findings();
        CHECK(found.all_well());
        CHECK(found.extras() == 0);
        CHECK(found.not_compared.at("flow") == 1);
        exabgp.rib.clear();
        CHECK(exabgp.findings().count(What::Missing) == 2);
        exabgp.peers = {peer_at("10.0.0.1")};
        CHECK(exabgp.findings().not_compared.at("flow") == 2);
        ComparedRoutes other;
        other.show("10.0.0.1", first);
        CHECK(other.findings().extras() == 1);
    }

    TEST_CASE("what ExaBGP splits, and what a watchdog may hold back, is not called missing") {
        ComparedRoutes exabgp;
        exabgp.announce(1, announcement_of("10.4.0.0/16", " split /17"));
        exabgp.announce(2, announcement_of("10.5.0.0/16", " watchdog dog withdraw"));
        exabgp.announce(3, "announce watchdog dog");
        exabgp.show("10.0.0.1", "ipv4 unicast 10.4.0.0/17 next-hop 192.0.2.1");
        exabgp.show("10.0.0.1", "ipv4 unicast 10.4.128.0/17 next-hop 192.0.2.1");
        const RouteFindings found = exabgp.findings();
        CHECK(found.all_well());
        CHECK(found.extras() == 0);
        CHECK(found.not_compared.at("unicast") == 2);
    }

    TEST_CASE("prefixes alone: routes that share one are told apart by their number only") {
        ComparedRoutes exabgp;
        exabgp.announce(1, announcement_of("10.1.0.0/24", " med 5"));
        exabgp.announce(2, announcement_of("10.2.0.0/24", " path-information 1"));
        exabgp.announce(3, announcement_of("10.2.0.0/24", " path-information 2"));
        exabgp.peers = {peer_at("10.0.0.1")};
        const std::string a = "unicast 10.1.0.0/24", b = "unicast 10.2.0.0/24";
        const auto all =
            exabgp.findings_of_prefixes({{"10.0.0.1", a}, {"10.0.0.1", b}, {"10.0.0.1", b}});
        CHECK(all.all_well());
        CHECK(all.extras() == 0);
        CHECK(all.attributes_not_compared == 3);
        const auto one = exabgp.findings_of_prefixes({{"10.0.0.1", a}, {"10.0.0.1", b}});
        CHECK(one.all_well());
        CHECK(one.not_compared.at("unicast") == 2);
        const auto none = exabgp.findings_of_prefixes({{"10.0.0.1", a}, {"10.0.0.1", a}});
        CHECK(none.count(What::Missing) == 2);
        CHECK(none.extras() == 1);
    }

    TEST_CASE("ExaBGP 6 shows nothing of a peer whose routes it does not remember") {
        ComparedRoutes exabgp;
        exabgp.announce(1, announcement_of("10.1.0.0/24"));
        CHECK(exabgp.findings_of_prefixes({{"10.0.0.2", "unicast 10.1.0.0/24"}}).all_well());
        const RouteFindings found = exabgp.findings_of_prefixes({});
        CHECK(found.wrong.at(1).what == What::Missing);
        CHECK(found.wrong.at(1).peers.empty());
    }

    TEST_CASE("one peer only") {
        ComparedRoutes exabgp;
        exabgp.announce(1, announcement_of("10.1.0.0/24"));
        exabgp.announce(2, announcement_of("10.2.0.0/24"), "10.0.0.1");
        exabgp.only = "10.0.0.2";
        exabgp.show("10.0.0.1", "ipv4 unicast 10.9.0.0/24 next-hop 192.0.2.1");
        const RouteFindings found = exabgp.findings();
        CHECK(found.routes == 1);
        CHECK(found.extras() == 0);
        REQUIRE(found.wrong.size() == 1);
        CHECK(found.wrong.at(1).peers == Strings{"10.0.0.2"});
    }

    TEST_CASE("what is gone with its ExaBGP is not expected, and other lines are none of it") {
        ComparedRoutes exabgp;
        nlohmann::json line = ledger_line(1, announcement_of("10.1.0.0/24"));
        line["gone"] = true;
        CHECK(exabgp.expected.add(line));
        CHECK(exabgp.findings().routes == 0);
        CHECK(exabgp.expected.last_number() == 1);
        CHECK_FALSE(exabgp.expected.add(nlohmann::json::array()));
        CHECK_FALSE(exabgp.expected.add(nlohmann::json(nullptr)));
    }

    TEST_CASE("sessions that share a name are not judged") {
        ComparedRoutes exabgp;
        exabgp.peers = {peer_at("10.0.0.1"), peer_at("10.0.0.1")};
        exabgp.announce(1, announcement_of("10.1.0.0/24"));
        exabgp.show("10.0.0.1", shown_b);
        const RouteFindings found = exabgp.findings();
        CHECK(found.all_well());
        CHECK(found.not_compared.at("unicast") == 1);
    }
}
