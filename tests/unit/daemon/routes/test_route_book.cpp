// SPDX-License-Identifier: BSD-3-Clause
// RouteBook: the ledger and its leases, and what a file that is read late makes of them.
#include <map>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "daemon/routes/route_book.hpp"

using namespace exapulse;

namespace {

using namespace std::chrono_literals;
using Lines = std::vector<std::string>;

constexpr TimePoint began{1h};
constexpr std::size_t plenty = 1000;

std::string announcement(unsigned number) {
    return fmt::format("announce route 10.0.{}.0/24 next-hop self", number);
}
std::string withdrawal(unsigned number) {
    return fmt::format("withdraw route 10.0.{}.0/24", number);
}

struct Shelf {
    RouteBook book;

    RouteBook::Changes enter(const std::string& line, const RouteWish& wish = {},
                             bool uncertain = false, bool remember = false) {
        const auto changes = route_changes(Request(line));
        REQUIRE(changes.size() == 1);
        const RouteBook::Note note{changes[0], {1000, "alice"}, wish, WallTime(1h), uncertain};
        if (remember) CHECK(book.remember(note, plenty));
        return book.enter(note, began);
    }
    RouteNumber late(const std::string& line, const RouteWish& wish = {}, bool uncertain = false) {
        return enter(line, wish, uncertain, true).added.value_or(0);
    }
    [[nodiscard]] Lines lines() const {
        Lines lines;
        for (const auto& [number, entry] : book.ledger().entries()) {
            std::string line(entry.line());
            if (entry.uncertain()) line += ", uncertain";
            if (entry.gone()) line += ", gone";
            if (entry.saved()) line += ", kept";
            lines.push_back(line);
        }
        return lines;
    }
};

/// As a file has it.
StoredRoutes stored(const std::string& line, LeaseNumber lease = 0) {
    LedgerEntry entry;
    entry.text = EntryText(route_changes(Request(line))[0].nlri, line);
    RouteMandate mandate;
    mandate.lease = lease;
    if (lease != 0) mandate.lease_terms = LeaseTerms{30s, {}};
    entry.mandate = std::make_shared<const RouteMandate>(std::move(mandate));
    entry.kept = true;
    StoredRoutes routes;
    routes.routes.emplace_back(1, std::move(entry));
    return routes;
}

}  // namespace

TEST_SUITE("route book") {
    TEST_CASE_FIXTURE(Shelf, "a file of an exapulsed that read the command in another way") {
        const std::string line = "announce flow route source 10.0.0.0/24 discard";
        StoredRoutes routes = stored(line);
        routes.routes[0].second.text = EntryText("flow route source 10.0.0.0/24 discard", line);
        book.restore(std::move(routes), began);
        CHECK(lines() == Lines{line + ", kept"});
        CHECK(enter("withdraw flow route { match { source 10.0.0.0/24; } }").removed.size() == 1);
        CHECK(lines().empty());
    }

    TEST_CASE_FIXTURE(Shelf, "what the file has comes before what was done while it was unread") {
        SUBCASE("announced anew, and withdrawn") {
            late(announcement(2));
            late(withdrawal(1));
            book.restore_late(stored(announcement(1)), began);
            CHECK(lines() == Lines{announcement(2)});
        }
        SUBCASE("kept since") {
            CHECK(book.keep(late(announcement(2))).added);
            book.restore_late(stored(announcement(1)), began);
            CHECK(lines() == Lines{announcement(1) + ", kept", announcement(2) + ", kept"});
        }
        SUBCASE("forgotten since, but not what the file has of it") {
            book.remove(late(announcement(1)));
            book.remove(late(announcement(2)));
            book.restore_late(stored(announcement(2)), began);
            CHECK(lines().empty());
        }
        SUBCASE("lost since with an ExaBGP") {
            late(announcement(2));
            CHECK(book.lose_unkept() == 1);
            book.restore_late(stored(announcement(1)), began);
            CHECK(lines() == Lines{announcement(1) + ", kept", announcement(2) + ", gone"});
        }
        SUBCASE("uncertain, and what has come out since") {
            const RouteNumber done = late(announcement(2), {.keep = true}, true);
            const RouteNumber not_done = late(announcement(3), {.keep = true}, true);
            late(announcement(4), {.keep = true}, true);
            book.confirm(done, began);
            book.remove(not_done);
            book.restore_late(stored(announcement(1)), began);
            CHECK(lines() == Lines{announcement(1) + ", kept", announcement(4) + ", uncertain",
                                   announcement(2) + ", kept"});
        }
        SUBCASE("only as much as there is room for") {
            const auto change = route_changes(Request(announcement(2)))[0];
            CHECK(book.remember({change, {}, {}, WallTime(1h)}, 1));
            CHECK_FALSE(book.remember({change, {}, {}, WallTime(1h)}, 1));
        }
    }

    TEST_CASE_FIXTURE(Shelf, "a number that was told names no other route once the file is read") {
        const RouteNumber first = late(announcement(2)), second = late(announcement(3));
        bool empty_file = false;
        SUBCASE("which has some") {}
        SUBCASE("which is empty") {
            empty_file = true;
        }
        book.restore_late(empty_file ? StoredRoutes() : stored(announcement(1)), began);
        CHECK(lines().size() == (empty_file ? 2 : 3));
        CHECK(book.ledger().find(first) == nullptr);
        CHECK(book.ledger().find(second) == nullptr);
    }

    TEST_CASE_FIXTURE(Shelf, "a lease from a file that is read late is not one of this run") {
        const LeaseNumber own = book.leases().open({10s, {}}, began);
        late(announcement(2), {.lease = own});
        book.restore_late(stored(announcement(1), own), began);
        CHECK(lines() == Lines{announcement(1) + ", kept", announcement(2) + ", kept"});
        const auto over = book.leases().expire(began + 15s);
        REQUIRE(over.size() == 1);
        CHECK(over[0].lease == own);
        REQUIRE(over[0].routes.size() == 1);
        CHECK(book.ledger().find(over[0].routes[0])->line() == announcement(2));
        const auto other = book.leases().expire(began + 60s);
        REQUIRE(other.size() == 1);
        REQUIRE(other[0].routes.size() == 1);
        CHECK(book.ledger().find(other[0].routes[0])->line() == announcement(1));
    }

    TEST_CASE_FIXTURE(Shelf, "room is made by forgetting what is gone") {
        constexpr std::size_t most = 3;
        enter(announcement(1));
        enter(announcement(2), {.keep = true});
        enter(announcement(3));
        const auto change = route_changes(Request(announcement(4)))[0];
        CHECK_FALSE(book.make_room(change, most).enough);
        CHECK(book.make_room(route_changes(Request(announcement(3)))[0], most).enough);
        CHECK(book.lose_unkept() == 2);
        const auto room = book.make_room(change, most);
        CHECK(room.enough);
        CHECK(room.forgotten == 2);
        CHECK(lines() == Lines{announcement(2) + ", kept"});
    }

    TEST_CASE("whatever happens, a lease has those of its routes that the ledger has") {
        constexpr unsigned seeds = 200;
        constexpr int moments = 200;
        std::size_t leased = 0;
        for (unsigned seed = 1; seed <= seeds; ++seed) {
            CAPTURE(seed);
            std::mt19937 random(seed);
            const auto one_in = [&](unsigned n) { return random() % n == 0; };
            Shelf shelf;
            RouteBook& book = shelf.book;
            std::vector<LeaseNumber> leases;
            for (int i = 0; i < 3; ++i) leases.push_back(book.leases().open({1h, {}}, began));
            const auto any = [&] {
                const auto& entries = book.ledger().entries();
                auto entry = entries.begin();
                if (!entries.empty())
                    std::advance(entry, static_cast<std::ptrdiff_t>(random() % entries.size()));
                return entry == entries.end() ? 0 : entry->first;
            };
            for (int i = 0; i < moments; ++i) {
                const auto route = static_cast<unsigned>(random() % 6);
                const std::string peer = one_in(3) ? "neighbor 192.0.2.2 " : "";
                const RouteWish wish{.keep = one_in(2),
                                     .lease = one_in(2) ? leases[random() % 3] : 0};
                const RouteNumber number = any();
                const LedgerEntry* entry = book.ledger().find(number);
                switch (random() % 10) {
                    case 0:
                        if (entry != nullptr) book.remove(number);
                        break;
                    case 1:
                        if (entry != nullptr && entry->uncertain()) book.confirm(number, began);
                        break;
                    case 2:
                        if (one_in(4)) book.lose_unkept();
                        break;
                    case 3:
                        book.make_room(route_changes(Request(announcement(route)))[0],
                                       one_in(2) ? 1 : plenty);
                        break;
                    default:
                        shelf.enter(peer + (one_in(3) ? withdrawal(route) : announcement(route)),
                                    wish, one_in(3), one_in(50));
                }
                if (one_in(60)) book.restore_late(stored(announcement(route), one_in(2)), began);
            }
            std::map<RouteNumber, LeaseNumber> under;
            for (const auto& over : book.leases().expire(began + 2h))
                for (const RouteNumber number : over.routes) {
                    REQUIRE(book.ledger().find(number) != nullptr);
                    under.emplace(number, over.lease);
                }
            for (const auto& [number, entry] : book.ledger().entries()) {
                const LeaseNumber lease = entry.mandate->lease;
                REQUIRE(under.contains(number) == (lease != 0));
                if (lease != 0) REQUIRE(under[number] == lease);
            }
            leased += under.size();
        }
        CHECK(leased > seeds);
    }
}
