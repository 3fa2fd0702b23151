// SPDX-License-Identifier: BSD-3-Clause
// Ledger: what is announced after a series of commands.
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
        return ledger.note(changes[0], {1000, "alice"}, keep, WallTime(1h));
    }
    [[nodiscard]] std::vector<std::string> lines() const {
        std::vector<std::string> lines;
        for (const auto& [number, entry] : ledger.entries()) lines.push_back(entry.line);
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

    TEST_CASE_FIXTURE(Book, "kept until withdrawn, and the rest goes with its ExaBGP") {
        note("announce route 10.0.0.0/24 next-hop 192.0.2.1", true);
        note("announce route 10.0.1.0/24 next-hop 192.0.2.1", false);
        note("neighbor 192.0.2.2 withdraw route 10.0.0.0/24", false);
        note("neighbor 192.0.2.2 withdraw route 10.0.1.0/24", false);
        note("announce route 10.0.0.0/24 next-hop 192.0.2.5", false);
        CHECK(ledger.kept() == 1);
        CHECK(ledger.forget_unkept() == 1);
        CHECK(lines() == Lines{"announce route 10.0.0.0/24 next-hop 192.0.2.5"});
    }

    TEST_CASE_FIXTURE(Book, "from the file") {
        LedgerEntry entry{"unicast 10.0.0.0/24",
                          "",
                          "announce route 10.0.0.0/24 next-hop self",
                          {},
                          {},
                          false,
                          true};
        ledger.restore(41, entry);
        CHECK(ledger.kept() == 1);
        const auto changes = note("announce route 10.0.0.0/24 next-hop self");
        REQUIRE(changes.removed.size() == 1);
        CHECK(changes.removed[0].number == 41);
        CHECK(changes.removed[0].kept);
        CHECK(ledger.find(42) != nullptr);
    }
}
