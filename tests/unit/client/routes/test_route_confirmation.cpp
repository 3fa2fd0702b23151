// SPDX-License-Identifier: BSD-3-Clause
// RouteConfirmation: which findings hold, and what ends them; and how they are told.
#include <cstdint>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "client/routes/check_routes_text.hpp"
#include "client/routes/route_confirmation.hpp"
#include "tests/unit/client/routes/compared_routes.hpp"

using namespace exapulse::client;
using namespace exapulse::test;

namespace {

using What = RouteFinding::What;
using Strings = std::vector<std::string>;
using Numbers = std::vector<std::uint64_t>;

}  // namespace

TEST_SUITE("route confirmation") {
    TEST_CASE("what the ledger does not say any more was no finding") {
        ComparedRoutes exabgp;
        for (int i = 1; i <= 3; ++i)
            exabgp.announce(i, announcement_of(fmt::format("10.{}.0.0/24", i)));
        exabgp.show("10.0.0.1", "ipv4 unicast 10.8.0.0/24 next-hop 192.0.2.1");
        exabgp.show("10.0.0.1", "ipv4 unicast 10.9.0.0/24 next-hop 192.0.2.1");
        RouteFindings found = exabgp.findings();
        RouteConfirmation confirmation(found, exabgp.expected.last_number());
        REQUIRE(confirmation.needed());
        // 1 was withdrawn, 2 announced again, 10.9.0.0/24 announced meanwhile.
        confirmation.take(ledger_line(3, announcement_of("10.3.0.0/24")));
        confirmation.take(ledger_line(4, announcement_of("10.2.0.0/24")));
        confirmation.take(ledger_line(5, announcement_of("10.9.0.0/24")));
        confirmation.settle();
        REQUIRE(found.wrong.size() == 1);
        CHECK(found.wrong.at(3).command == announcement_of("10.3.0.0/24"));
        REQUIRE(found.extra.size() == 1);
        CHECK(found.extra[0].nlri == "unicast 10.8.0.0/24");
        CHECK(confirmation.repair() == Numbers{3});
    }

    TEST_CASE("nothing found, nothing asked") {
        RouteFindings none;
        CHECK_FALSE(RouteConfirmation(none, 0).needed());
    }

    TEST_CASE("announced to all again, what was said to some is said again after it") {
        RouteFindings found;
        found.wrong[1] = {.what = What::Missing, .nlri = "unicast 10.1.0.0/24"};
        found.wrong[7] = {.what = What::NoSuchPeer, .nlri = "unicast 10.7.0.0/24"};
        RouteConfirmation confirmation(found, 9);
        confirmation.take(ledger_line(1, announcement_of("10.1.0.0/24")));
        confirmation.take(ledger_line(2, announcement_of("10.1.0.0/24", " med 5"), "10.0.0.1"));
        confirmation.take(ledger_line(3, announcement_of("10.2.0.0/24")));
        confirmation.take(ledger_line(7, announcement_of("10.7.0.0/24"), "10.0.0.9"));
        confirmation.settle();
        CHECK(confirmation.repair() == Numbers{1, 2});
    }
}

TEST_SUITE("check routes text") {
    TEST_CASE("a table of findings, and what to do") {
        RouteFindings found;
        found.routes = 4;
        found.wrong[1] = {.what = What::Missing, .nlri = "unicast 10.1.0.0/24", .command = "c 1"};
        found.wrong[2] = {.what = What::Different,
                          .nlri = "unicast 10.2.0.0/24",
                          .peers = {"10.0.0.1"},
                          .differences = {{"med", "5", "6"}, {"community", "1:1", ""}}};
        found.extra.push_back({"unicast 10.9.0.0/24", "10.0.0.2"});
        found.not_compared["flow"] = 1;
        const std::string text = findings_text(found, {});
        CHECK(text.find("med is 6, not 5; community is not set, not 1:1") != text.npos);
        CHECK(text.ends_with("4 routes: 1 missing; 1 different; 1 extra; not compared: 1 flow"));
        CHECK(findings_advice(found, false).find("--repair") != std::string::npos);
        CHECK(findings_advice({}, false).empty());
        Strings lines;
        print_findings_json(found, [&](const std::string& line) { lines.push_back(line); });
        REQUIRE(lines.size() == 4);
        CHECK(nlohmann::json::parse(lines[0])["peers"] == nlohmann::json{"*"});
        CHECK(nlohmann::json::parse(lines[1])["attributes"]["med"]["exabgp"] == "6");
        CHECK(nlohmann::json::parse(lines[2])["finding"] == "extra");
        CHECK(nlohmann::json::parse(lines[3])["not_compared"]["flow"] == 1);
    }
}
