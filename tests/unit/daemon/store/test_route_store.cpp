// SPDX-License-Identifier: BSD-3-Clause
// Kept routes in the file.
#include <array>
#include <memory>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "daemon/store/event_store.hpp"
#include "tests/support/damaged_history.hpp"
#include "tests/support/harness/temp_dir.hpp"
#include "tests/unit/daemon/store/stored_events.hpp"

namespace exapulse::test {

namespace {

using namespace std::chrono_literals;

const RouteMandate of_alice{"192.0.2.2", {1000, "alice", "dns"}};

NumberedRoute route(RouteNumber number, const std::string& nlri, bool withdraws = false) {
    LedgerEntry entry{
        {nlri, "announce " + nlri}, std::make_shared<const RouteMandate>(of_alice), start};
    entry.withdraws = withdraws;
    entry.kept = true;
    return {number, entry};
}

std::vector<RouteNumber> numbers_in(const std::string& path) {
    EventStore store(path, "reader", start, {24h, 1U << 20, 100});
    const auto routes = store.read_routes();
    REQUIRE(routes.has_value());
    std::vector<RouteNumber> numbers;
    for (const auto& [number, entry] : routes->routes) numbers.push_back(number);
    return numbers;
}

}  // namespace

TEST_CASE("kept routes: added, removed, replaced as a whole, and the same when read") {
    const TempDir dir;
    const std::string path = dir / "history.db";
    EventStore store(path, "b", start, {24h, 1U << 20, 100});
    CHECK(store.read_routes()->routes.empty());
    CHECK(store.write_routes({false, {}, {route(3, "a"), route(7, "b", true)}}) == "");
    CHECK(numbers_in(path) == std::vector<RouteNumber>{3, 7});
    CHECK(store.write_routes({false, {3, 99}, {route(8, "a")}}) == "");
    CHECK(numbers_in(path) == std::vector<RouteNumber>{7, 8});
    CHECK(store.write_routes({false, {9}, {route(9, "announced, and withdrawn at once")}}) == "");
    CHECK(numbers_in(path) == std::vector<RouteNumber>{7, 8});
    const auto routes = store.read_routes();
    REQUIRE(routes->routes.size() == 2);
    const auto& [number, entry] = routes->routes.front();
    CHECK(number == 7);
    CHECK(entry.nlri() == "b");
    CHECK(entry.line() == "announce b");
    CHECK(*entry.mandate == of_alice);
    CHECK(entry.since == start);
    CHECK(entry.withdraws);
    CHECK(entry.kept);
    CHECK(routes->had_by.empty());
    CHECK(store.write_routes({false, {}, {}, "uuid-1"}) == "");
    CHECK(store.write_routes({true, {}, {route(9, "c")}}) == "");
    CHECK(store.read_routes()->had_by == "uuid-1");
    CHECK(numbers_in(path) == std::vector<RouteNumber>{9});
}

TEST_CASE("kept routes: another file takes no change before it has all") {
    const TempDir dir;
    const std::string path = dir / "history.db";
    EventStore store(path, "b", start, {24h, 1U << 20, 100});
    CHECK(store.read_routes()->routes.empty());
    CHECK(store.write_routes({false, {}, {route(1, "a")}}) == "");
    damage_schema(path);
    CHECK(store.write_routes({false, {}, {route(2, "b")}}).find("was damaged") !=
          std::string::npos);
    store.end_pause();
    store.write(moment(1));
    REQUIRE(store.state() == StoreState::File);
    CHECK(store.write_routes({false, {}, {route(3, "c")}}).find("all of them first") !=
          std::string::npos);
    CHECK(numbers_in(path).empty());
    CHECK(store.write_routes({true, {}, {route(1, "a"), route(3, "c")}}) == "");
    CHECK(store.write_routes({false, {}, {route(4, "d")}}) == "");
    CHECK(numbers_in(path) == std::vector<RouteNumber>{1, 3, 4});
}

TEST_CASE("kept routes: their leases") {
    const TempDir dir;
    const std::string path = dir / "history.db";
    EventStore store(path, "b", start, {24h, 1U << 20, 100});
    CHECK(store.read_routes()->routes.empty());
    std::vector<NumberedRoute> leased{route(1, "a"), route(2, "b")};
    const std::array mandates{RouteMandate{"", {}, 7, LeaseTerms{30s, 0ms}},
                              RouteMandate{"", {}, 8, LeaseTerms{1500ms, {}}}};
    for (std::size_t i = 0; i < leased.size(); ++i)
        leased[i].second.mandate = std::make_shared<const RouteMandate>(mandates[i]);
    CHECK(store.write_routes({false, {}, leased}) == "");
    const auto routes = store.read_routes();
    REQUIRE(routes->routes.size() == 2);
    for (std::size_t i = 0; i < leased.size(); ++i)
        CHECK(*routes->routes[i].second.mandate == mandates[i]);
}

TEST_CASE("kept routes: a file that can't be used is reported, not taken for an empty one") {
    const TempDir dir;
    const std::string path = dir / "absent/history.db";
    EventStore store(path, "b", start, {24h, 1U << 20, 100});
    CHECK_FALSE(store.read_routes().has_value());
    CHECK(store.problem().find(path) != std::string::npos);
    CHECK(store.write_routes({false, {}, {route(1, "a")}}).find(path) != std::string::npos);
    static_cast<void>(dir.write("history.db", std::string(20'000, 'x')));
    EventStore damaged(dir / "history.db", "b", start, {24h, 1U << 20, 100});
    CHECK_FALSE(damaged.read_routes().has_value());
    CHECK(damaged.problem().empty());
}

}  // namespace exapulse::test
