// SPDX-License-Identifier: BSD-3-Clause
// Leases: when they are over, and which routes they take with them.
#include <vector>

#include <doctest/doctest.h>

#include "daemon/routes/leases.hpp"

using namespace exapulse;

namespace {

using namespace std::chrono_literals;
using Routes = std::vector<RouteNumber>;

constexpr TimePoint zero{1h};

struct LeaseBook {
    Leases leases;

    /// The routes of every lease that is over by then.
    Routes over(TimePoint at) {
        Routes routes;
        for (const auto& lease : leases.expire(at))
            routes.insert(routes.end(), lease.routes.begin(), lease.routes.end());
        return routes;
    }
};

}  // namespace

TEST_SUITE("leases") {
    TEST_CASE_FIXTURE(LeaseBook, "over at its time and not before, and renewed in between") {
        const LeaseNumber lease = leases.open({30s, {}}, zero);
        leases.add(lease, 1, zero);
        leases.add(lease, 2, zero + 1s);
        CHECK(leases.next() == zero + 31s);
        CHECK(over(zero + 31s - 1ms).empty());
        CHECK(leases.renew(lease, zero + 20s));
        CHECK(over(zero + 50s - 1ms).empty());
        CHECK(over(zero + 50s) == Routes{1, 2});
        CHECK_FALSE(leases.next().has_value());
    }

    TEST_CASE_FIXTURE(LeaseBook,
                      "one that is over tells its holder, and begins anew with a route") {
        const LeaseNumber lease = leases.open({1s, {}}, zero);
        leases.add(lease, 1, zero);
        CHECK(over(zero + 1s) == Routes{1});
        CHECK_FALSE(leases.renew(lease, zero + 2s));
        CHECK_FALSE(leases.end_of(lease).has_value());
        leases.add(lease, 2, zero + 2s);
        CHECK(leases.renew(lease, zero + 2s));
        CHECK(over(zero + 3s) == Routes{2});
    }

    TEST_CASE_FIXTURE(LeaseBook,
                      "the end of the connection counts only where the lease has a grace") {
        const LeaseNumber free = leases.open({30s, {}}, zero);
        const LeaseNumber bound = leases.open({30s, 5s}, zero);
        leases.add(free, 1, zero);
        leases.add(bound, 2, zero);
        CHECK(leases.is_held(bound));
        leases.let_go(free, false, zero + 10s);
        leases.let_go(bound, false, zero + 10s);
        CHECK_FALSE(leases.is_held(bound));
        CHECK(over(zero + 15s - 1ms).empty());
        CHECK(over(zero + 15s) == Routes{2});
        CHECK(over(zero + 30s) == Routes{1});
    }

    TEST_CASE_FIXTURE(LeaseBook, "the grace does not make it longer") {
        const LeaseNumber lease = leases.open({3s, 5s}, zero);
        leases.add(lease, 1, zero);
        leases.let_go(lease, false, zero + 1s);
        CHECK(leases.next() == zero + 3s);
    }

    TEST_CASE_FIXTURE(LeaseBook, "a route announced after its connection ended does not renew it") {
        const LeaseNumber lease = leases.open({30s, 2s}, zero);
        leases.let_go(lease, true, zero);
        leases.add(lease, 1, zero + 1s);
        CHECK(over(zero + 2s) == Routes{1});
        leases.add(lease, 2, zero + 40s);
        CHECK(over(zero + 40s) == Routes{2});
    }

    TEST_CASE_FIXTURE(LeaseBook, "routes that go elsewhere are no longer its own") {
        const LeaseNumber first = leases.open({1s, {}}, zero);
        leases.add(first, 1, zero);
        const LeaseNumber second = leases.open({10s, {}}, zero);
        leases.remove(first, 1);
        leases.add(second, 2, zero);
        CHECK(over(zero + 1s).empty());
        CHECK(over(zero + 10s) == Routes{2});
    }

    TEST_CASE_FIXTURE(LeaseBook, "nothing is left of a connection that has announced nothing") {
        const LeaseNumber lease = leases.open({1s, 1s}, zero);
        leases.let_go(lease, false, zero);
        CHECK_FALSE(leases.next().has_value());
        CHECK_FALSE(leases.terms_of(lease).has_value());
    }

    TEST_CASE_FIXTURE(LeaseBook, "after a restart of exapulsed: its whole time, and the grace") {
        leases.restore(7, {10s, 5s}, 1, zero);
        leases.restore(7, {10s, 5s}, 2, zero);
        CHECK(over(zero + 15s - 1ms).empty());
        CHECK(over(zero + 15s) == Routes{1, 2});
        CHECK(leases.open({1s, {}}, zero) == 8);
    }

    TEST_CASE_FIXTURE(LeaseBook, "routes that get other numbers are added again") {
        const LeaseNumber lease = leases.open({1s, {}}, zero);
        leases.add(lease, 1, zero);
        leases.forget_routes();
        leases.restore(leases.unused(), {1s, {}}, 1, zero);
        leases.add(lease, 2, zero);
        const auto ended = leases.expire(zero + 1s);
        REQUIRE(ended.size() == 2);
        CHECK(ended[0].routes == Routes{2});
        CHECK(ended[1].routes == Routes{1});
    }

    TEST_CASE_FIXTURE(LeaseBook, "other terms count from now on") {
        const LeaseNumber lease = leases.open({30s, {}}, zero);
        leases.add(lease, 1, zero);
        leases.change(lease, {2s, 1s}, zero + 10s);
        CHECK(leases.next() == zero + 12s);
        CHECK(leases.terms_of(lease) == LeaseTerms{2s, 1s});
    }
}
