// SPDX-License-Identifier: BSD-3-Clause
// RouteDoubts: what ExaBGP's routes show of commands whose outcome is unknown.
#include <string>
#include <string_view>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "client/routes/route_doubts.hpp"
#include "tests/unit/client/routes/compared_routes.hpp"

using namespace exapulse::client;
using namespace exapulse::test;

namespace {

const std::string doubted = "10.1.0.0/24";

struct DoubtedRoutes : ComparedRoutes {
    RouteDoubts doubts{};
    int last = 0;

    void know(const std::string& command, const std::string& of = "*") {
        announce(++last, command, of);
    }
    void doubt(const std::string& command, const std::string& of = "*") {
        Json line = ledger_line(++last, command, of);
        line["uncertain"] = true;
        CHECK(expected.add(line));
        doubts.add(line);
    }
    /// What is known then, such as "1 done, 2 not-done", and how much is not.
    std::string outcome(RouteFindings& findings) {
        doubts.begin(peers);
        RouteComparison comparison(expected, peers, only);
        for (const auto& shown : rib) {
            const std::string peer = "neighbor " + shown.first;
            const auto see = [&](const RibRoute& read) {
                comparison.see(peer, read);
                doubts.see(peer, read);
            };
            // Without a next hop it is as ExaBGP 6 shows it.
            if (shown.second.find("next-hop") == std::string::npos)
                see({shown.second, false});
            else
                CHECK(read_rib_text(fmt::format("{} family-allowed in-open {}", peer, shown.second),
                                    [&](std::string_view, const RibRoute& read) { see(read); }));
        }
        findings = comparison.end();
        doubts.end(expected, comparison, findings);
        std::string text;
        for (const SettledRoute& route : findings.settled)
            text += fmt::format("{} {}, ", route.number, route.done ? "done" : "not-done");
        return text + fmt::format("{} unknown", findings.uncertain);
    }
    std::string outcome() {
        RouteFindings findings;
        return outcome(findings);
    }
};

}  // namespace

TEST_SUITE("route doubts") {
    TEST_CASE_FIXTURE(DoubtedRoutes, "announced, or not, and then it is no extra one") {
        doubt(announcement_of(doubted));
        RouteFindings findings;
        SUBCASE("announced") {
            show("10.0.0.1", shown_a);
            show("10.0.0.2", shown_a);
            CHECK(outcome(findings) == "1 done, 0 unknown");
        }
        SUBCASE("at one of its peers") {
            show("10.0.0.1", shown_a);
            CHECK(outcome(findings) == "1 done, 0 unknown");
        }
        SUBCASE("not announced") {
            CHECK(outcome(findings) == "1 not-done, 0 unknown");
        }
        SUBCASE("where a peer's routes are not shown, nothing is known") {
            peers = {peer_at("10.0.0.1")};
            peers[0].shown = false;
            CHECK(outcome(findings) == "1 unknown");
        }
        CHECK(findings.all_well());
        CHECK(findings.extras() == 0);
        CHECK(findings.routes == 0);
    }

    TEST_CASE_FIXTURE(DoubtedRoutes, "announced anew with other attributes") {
        know(announcement_of(doubted, " med 10"));
        doubt(announcement_of(doubted, " med 20"));
        RouteFindings findings;
        SUBCASE("it has the new ones") {
            show("10.0.0.1", shown_a + " med 20");
            show("10.0.0.2", shown_a + " med 20");
            CHECK(outcome(findings) == "2 done, 0 unknown");
            CHECK(findings.all_well());
        }
        SUBCASE("it has those from before") {
            show("10.0.0.1", shown_a + " med 10");
            show("10.0.0.2", shown_a + " med 10");
            CHECK(outcome(findings) == "2 not-done, 0 unknown");
            CHECK(findings.all_well());
        }
        SUBCASE("it shows none") {
            show("10.0.0.1", "unicast " + doubted);
            show("10.0.0.2", "unicast " + doubted);
            CHECK(outcome(findings) == "1 unknown");
            CHECK(findings.all_well());
        }
        SUBCASE("it has neither: that is missing, and was not announced anew") {
            CHECK(outcome(findings) == "2 not-done, 0 unknown");
            CHECK(findings.count(RouteFinding::What::Missing) == 1);
        }
    }

    TEST_CASE_FIXTURE(DoubtedRoutes, "withdrawn, or not") {
        know(announcement_of(doubted));
        know(announcement_of("10.2.0.0/24"));
        doubt("withdraw route " + doubted);
        show("10.0.0.1", shown_b);
        RouteFindings findings;
        SUBCASE("withdrawn") {
            show("10.0.0.2", shown_b);
            CHECK(outcome(findings) == "3 done, 0 unknown");
        }
        SUBCASE("still there") {
            show("10.0.0.1", shown_a);
            show("10.0.0.2", shown_b);
            show("10.0.0.2", shown_a);
            CHECK(outcome(findings) == "3 not-done, 0 unknown");
        }
        SUBCASE("for some peers, who are not those that it was announced to") {
            doubt("withdraw route " + doubted, "10.0.0.2");
            show("10.0.0.1", shown_a);
            show("10.0.0.2", shown_b);
            show("10.0.0.2", shown_a);
            CHECK(outcome(findings) == "3 not-done, 1 unknown");
        }
        CHECK(findings.all_well());
    }

    TEST_CASE_FIXTURE(DoubtedRoutes, "withdrawn from the peers that it was announced to") {
        know(announcement_of(doubted), "10.0.0.2");
        doubt("withdraw route " + doubted, "10.0.0.2");
        show("10.0.0.2", shown_b);
        RouteFindings findings;
        CHECK(outcome(findings) == "2 done, 0 unknown");
        CHECK(findings.all_well());
        CHECK(findings.extras() == 1);
    }

    TEST_CASE_FIXTURE(DoubtedRoutes, "of two attempts only the newer can have been the last") {
        doubt(announcement_of(doubted, " med 10"));
        doubt(announcement_of(doubted, " med 20"));
        SUBCASE("the newer") {
            show("10.0.0.1", shown_a + " med 20");
            CHECK(outcome() == "2 done, 1 unknown");
        }
        SUBCASE("not the newer; the older is looked at next time") {
            show("10.0.0.1", shown_a + " med 10");
            CHECK(outcome() == "2 not-done, 1 unknown");
        }
    }

    TEST_CASE_FIXTURE(DoubtedRoutes, "lines that are certain are no doubts") {
        doubts.add(ledger_line(1, announcement_of(doubted)));
        doubts.add(Json::object());
        CHECK_FALSE(doubts.any());
    }
}
