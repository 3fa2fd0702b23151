// SPDX-License-Identifier: BSD-3-Clause
// RouteOrders: how each of them ends.
#include <vector>

#include <doctest/doctest.h>

#include "daemon/routes/route_orders.hpp"

using namespace exapulse;

namespace {

struct OrderBook {
    RouteOrders orders;
    std::vector<RouteOrders::Result> ended;

    void add(std::set<RouteNumber> routes) {
        orders.add(std::move(routes), false,
                   [this](const RouteOrders::Result& result) { ended.push_back(result); });
    }
};

}  // namespace

TEST_SUITE("route orders") {
    TEST_CASE_FIXTURE(OrderBook, "each ends with its last route, once") {
        add({1, 2});
        add({2, 3});
        orders.done(1, true);
        CHECK(ended.empty());
        orders.refused(2, "announce x: no");
        REQUIRE(ended.size() == 1);
        CHECK(ended[0].done == 1);
        CHECK(ended[0].to_save);
        CHECK(ended[0].refused == 1);
        CHECK(ended[0].reasons == std::vector<std::string>{"announce x: no"});
        orders.done(2, false);
        orders.done(3, false);
        REQUIRE(ended.size() == 2);
        CHECK(ended[1].left == 0);
        CHECK_FALSE(ended[1].to_save);
        CHECK(orders.empty());
    }

    TEST_CASE_FIXTURE(OrderBook, "what comes to no end is counted") {
        add({1, 2, 3});
        orders.done(2, false);
        orders.end_all();
        REQUIRE(ended.size() == 1);
        CHECK(ended[0].left == 2);
        orders.done(1, false);
        orders.end_all();
        CHECK(ended.size() == 1);
    }
}
