// SPDX-License-Identifier: BSD-3-Clause
// Ledger: what is announced after a series of commands.
#include <memory>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "daemon/routes/ledger.hpp"

using namespace exapulse;

namespace {

using namespace std::chrono_literals;

struct Book {
    Ledger ledger;

    Ledger::Changes note(const std::string& line, bool keep = true) {
        const auto changes = route_changes(Request(line));
        REQUIRE(changes.size() == 1);
        return ledger.note(changes[0], {1000, "alice"}, {.keep = keep}, WallTime(1h));
    }
    Ledger::Changes doubt(const std::string& line, bool keep = true) {
        const auto changes = route_changes(Request(line));
        REQUIRE(changes.size() == 1);
        return ledger.note_uncertain(changes[0], {1000, "alice"}, {.keep = keep}, WallTime(1h));
    }
    [[nodiscard]] std::vector<std::string> lines() const {
        std::vector<std::string> lines;
        for (const auto& [number, entry] : ledger.entries()) lines.emplace_back(entry.line());
        return lines;
    }
};

using Lines = std::vector<std::string>;

}  // namespace

TEST_SUITE("ledger") {
    TEST_CASE_FIXTURE(Book, "announced, announced again, withdrawn") {
        note("announce route 10.0.0.0/24 next-hop 192.0.2.1");
        note("announce route 10.0.1.0/24 next-hop 192.0.2.1");
        note("announce route 10.0.0.0/24 next-hop 192.0.2.9");
        CHECK(lines() == Lines{"announce route 10.0.1.0/24 next-hop 192.0.2.1",
                               "announce route 10.0.0.0/24 next-hop 192.0.2.9"});
        CHECK(ledger.size() == 2);
        note("withdraw route 10.0.1.0/24");
        CHECK(ledger.size() == 1);
        CHECK(ledger.kept() == 1);
        CHECK(note("withdraw route 10.0.9.0/24").removed.empty());
        note("withdraw route 10.0.0.0/24");
        CHECK(lines().empty());
        CHECK(ledger.kept() == 0);
    }

    TEST_CASE_FIXTURE(Book, "some peers are left out of what others get") {
        note("announce route 10.0.0.0/24 next-hop 192.0.2.1");
        note("neighbor 192.0.2.2 withdraw route 10.0.0.0/24");
        CHECK(lines() == Lines{"announce route 10.0.0.0/24 next-hop 192.0.2.1",
                               "neighbor 192.0.2.2 withdraw route 10.0.0.0/24"});
        CHECK(ledger.size() == 1);
        note("neighbor 192.0.2.2 announce route 10.0.0.0/24 next-hop 192.0.2.7");
        CHECK(lines() == Lines{"announce route 10.0.0.0/24 next-hop 192.0.2.1",
                               "neighbor 192.0.2.2 announce route 10.0.0.0/24 next-hop 192.0.2.7"});
        for (const auto& [number, entry] : ledger.entries()) {
            CHECK(ledger.find(entry.nlri(), entry.mandate->peers, entry.line()) == &entry);
            CHECK(ledger.find(entry.nlri(), "192.0.2.3", entry.line()) == nullptr);
        }
        note("neighbor 192.0.2.2 withdraw route 10.0.0.0/24");
        const auto changes = note("withdraw route 10.0.0.0/24");
        CHECK(changes.removed.size() == 2);
        CHECK_FALSE(changes.added.has_value());
        CHECK(lines().empty());
    }

    TEST_CASE_FIXTURE(Book, "an announcement to everyone ends what only some were sent") {
        note("neighbor 192.0.2.2 announce route 10.0.0.0/24 next-hop 192.0.2.1");
        note("neighbor 192.0.2.3 announce route 10.0.0.0/24 next-hop 192.0.2.1");
        note("announce route 10.0.0.0/24 next-hop 192.0.2.9");
        CHECK(lines() == Lines{"announce route 10.0.0.0/24 next-hop 192.0.2.9"});
    }

    TEST_CASE_FIXTURE(Book, "nobody is left out of what nobody gets any more") {
        note("neighbor 192.0.2.2, neighbor 192.0.2.3 announce route 10.0.0.0/24 next-hop self");
        note("neighbor 192.0.2.3 withdraw route 10.0.0.0/24");
        CHECK(lines().size() == 2);
        note("neighbor 192.0.2.2, neighbor 192.0.2.3 withdraw route 10.0.0.0/24");
        CHECK(lines().empty());
    }

    TEST_CASE_FIXTURE(Book, "kept until withdrawn, and the rest is gone with its ExaBGP") {
        note("announce route 10.0.0.0/24 next-hop 192.0.2.1", true);
        note("announce route 10.0.1.0/24 next-hop 192.0.2.1", false);
        note("neighbor 192.0.2.2 withdraw route 10.0.0.0/24", false);
        note("neighbor 192.0.2.2 withdraw route 10.0.1.0/24", false);
        note("announce route 10.0.0.0/24 next-hop 192.0.2.5", false);
        CHECK(ledger.kept() == 1);
        CHECK(ledger.lose_unkept().routes == 1);
        CHECK(ledger.size() == 1);
        CHECK(ledger.gone() == 1);
        CHECK(ledger.lose_unkept().routes == 0);
        ledger.forget_gone();
        CHECK(ledger.gone() == 0);
        CHECK(lines() == Lines{"announce route 10.0.0.0/24 next-hop 192.0.2.5"});
    }

    TEST_CASE_FIXTURE(Book, "what is gone is nobody's announcement, until somebody announces it") {
        note("announce route 10.0.0.0/24 next-hop 192.0.2.1", false);
        ledger.lose_unkept();
        note("neighbor 192.0.2.2 withdraw route 10.0.0.0/24");
        CHECK(ledger.gone() == 1);
        CHECK(lines() == Lines{"announce route 10.0.0.0/24 next-hop 192.0.2.1"});
        CHECK(ledger.keep(1).added == std::nullopt);
        note("announce route 10.0.0.0/24 next-hop 192.0.2.3", false);
        CHECK(ledger.gone() == 0);
        CHECK(ledger.size() == 1);
        CHECK(ledger.kept() == 0);
        const RouteNumber number = ledger.entries().begin()->first;
        CHECK(ledger.keep(number).added == number);
        CHECK(ledger.keep(number).added == std::nullopt);
        CHECK(ledger.kept() == 1);
        note("withdraw route 10.0.0.0/24");
        CHECK(lines().empty());
    }

    TEST_CASE_FIXTURE(Book,
                      "a route whose lease is over counts no more, and can be announced anew") {
        const auto change = route_changes(Request("announce route 10.0.0.0/24 next-hop self"))[0];
        const Ledger::Terms leased{true, 5, LeaseTerms{30s, {}}};
        const auto number = *ledger.note(change, {}, leased, WallTime(1h)).added;
        CHECK(ledger.find(number)->mandate->lease == 5);
        ledger.begin_end(number);
        CHECK(ledger.size() == 0);
        CHECK(ledger.kept() == 0);
        CHECK(ledger.ending().contains(number));
        CHECK(ledger.keep(number).added == std::nullopt);
        const auto again = ledger.note(change, {}, {}, WallTime(1h));
        REQUIRE(again.removed.size() == 1);
        CHECK(again.removed[0].lease == 5);
        CHECK(ledger.ending().empty());
        CHECK(ledger.find(*again.added)->mandate->lease == 0);
        CHECK(ledger.size() == 1);
        CHECK(ledger.remove(*again.added).removed.size() == 1);
        CHECK(ledger.entries().empty());
    }

    TEST_CASE_FIXTURE(Book, "what may have been announced stands beside what is certain") {
        note("announce route 10.0.0.0/24 next-hop 192.0.2.1", false);
        const auto number = *doubt("announce route 10.0.0.0/24 next-hop 192.0.2.9").added;
        CHECK(ledger.find(number)->uncertain());
        CHECK_FALSE(ledger.find(number)->stands());
        CHECK_FALSE(ledger.find(number)->saved());
        CHECK(ledger.size() == 1);
        CHECK(ledger.kept() == 0);
        CHECK(ledger.uncertain() == 1);
        CHECK(ledger.keep(number).added == std::nullopt);
        SUBCASE("until it turns out that it was") {
            const auto changes = ledger.confirm(number);
            CHECK(changes.removed.size() == 2);
            REQUIRE(changes.added);
            CHECK(ledger.find(*changes.added)->saved());
            CHECK(lines() == Lines{"announce route 10.0.0.0/24 next-hop 192.0.2.9"});
        }
        SUBCASE("until it turns out that it was not") {
            CHECK_FALSE(ledger.remove(number).removed[0].saved);
            CHECK(lines() == Lines{"announce route 10.0.0.0/24 next-hop 192.0.2.1"});
        }
        SUBCASE("until another command settles it, for which nobody asked to keep the route") {
            const auto added = *note("announce route 10.0.0.0/24 next-hop 192.0.2.3", false).added;
            CHECK_FALSE(ledger.find(added)->kept);
            CHECK(lines() == Lines{"announce route 10.0.0.0/24 next-hop 192.0.2.3"});
        }
        SUBCASE("until the route is withdrawn") {
            note("withdraw route 10.0.0.0/24");
            CHECK(lines().empty());
        }
        CHECK(ledger.uncertain() == 0);
    }

    TEST_CASE_FIXTURE(Book, "what may have been withdrawn is still there") {
        note("announce route 10.0.0.0/24 next-hop 192.0.2.1");
        CHECK(doubt("withdraw route 10.0.7.0/24").added == std::nullopt);
        const auto number = *doubt("withdraw route 10.0.0.0/24").added;
        CHECK(ledger.kept() == 1);
        CHECK(ledger.uncertain() == 1);
        SUBCASE("until it turns out that it was") {
            const auto changes = ledger.confirm(number);
            CHECK_FALSE(changes.added.has_value());
            CHECK(changes.removed.size() == 2);
            CHECK(lines().empty());
        }
        SUBCASE("until it turns out that it was not") {
            ledger.remove(number);
            CHECK(lines().size() == 1);
            CHECK(ledger.kept() == 1);
        }
        SUBCASE("until it is announced again") {
            note("announce route 10.0.0.0/24 next-hop 192.0.2.1");
            CHECK(lines().size() == 1);
        }
        SUBCASE("until ExaBGP restarts, which gets it again") {
            CHECK(ledger.lose_unkept().routes == 0);
            CHECK(lines().size() == 1);
            CHECK(ledger.kept() == 1);
        }
        CHECK(ledger.uncertain() == 0);
    }

    TEST_CASE_FIXTURE(Book, "what may have been withdrawn from a peer is, once that is certain") {
        note("announce route 10.0.0.0/24 next-hop 192.0.2.1");
        const auto number = *doubt("neighbor 192.0.2.2 withdraw route 10.0.0.0/24").added;
        const auto changes = ledger.confirm(number);
        REQUIRE(changes.added);
        CHECK(ledger.find(*changes.added)->withdraws);
        CHECK(ledger.find(*changes.added)->saved());
        CHECK(lines().size() == 2);
    }

    TEST_CASE_FIXTURE(Book, "an attempt without an answer, and the same once more") {
        doubt("announce route 10.0.0.0/24 next-hop 192.0.2.1");
        doubt("announce route 10.0.0.0/24 next-hop 192.0.2.1");
        doubt("announce route 10.0.0.0/24 next-hop 192.0.2.2");
        CHECK(lines().size() == 2);
        CHECK(ledger.uncertain() == 2);
        SUBCASE("lost with its ExaBGP, and not kept") {
            CHECK(ledger.lose_unkept().routes == 2);
            CHECK(ledger.gone() == 2);
            for (const auto& [number, entry] : ledger.entries()) CHECK_FALSE(entry.saved());
            ledger.forget_gone();
            CHECK(lines().empty());
        }
        SUBCASE("and the last of them was carried out") {
            ledger.confirm(ledger.entries().rbegin()->first);
            CHECK(lines() == Lines{"announce route 10.0.0.0/24 next-hop 192.0.2.2"});
            CHECK(ledger.kept() == 1);
        }
        CHECK(ledger.uncertain() == 0);
    }

    TEST_CASE_FIXTURE(Book, "routes of one client share their mandate, also those from the file") {
        const auto one = *note("announce route 10.0.0.0/24 next-hop 192.0.2.1").added;
        const auto two = *note("announce route 10.0.1.0/24 next-hop 192.0.2.1").added;
        LedgerEntry stored = *ledger.find(two);
        stored.text = EntryText("unicast 10.0.2.0/24", "announce route 10.0.2.0/24 next-hop self");
        stored.mandate = std::make_shared<const RouteMandate>(*stored.mandate);
        ledger.restore(two + 1, stored);
        CHECK(ledger.find(two)->mandate == ledger.find(one)->mandate);
        CHECK(ledger.find(two + 1)->mandate == ledger.find(one)->mandate);
        const auto of_peer =
            *note("peer 192.0.2.2 announce route 10.0.1.0/24 next-hop 192.0.2.1").added;
        CHECK(ledger.find(of_peer)->mandate != ledger.find(one)->mandate);
        CHECK(ledger.find(of_peer)->mandate->peers == "192.0.2.2");
    }

    TEST_CASE_FIXTURE(Book, "from the file") {
        LedgerEntry entry;
        entry.text = EntryText("unicast 10.0.0.0/24", "announce route 10.0.0.0/24 next-hop self");
        entry.mandate = std::make_shared<const RouteMandate>();
        entry.kept = true;
        ledger.restore(41, entry);
        CHECK(ledger.kept() == 1);
        const auto changes = note("announce route 10.0.0.0/24 next-hop self");
        REQUIRE(changes.removed.size() == 1);
        CHECK(changes.removed[0].number == 41);
        CHECK(changes.removed[0].saved);
        CHECK(ledger.find(42) != nullptr);
    }
}
