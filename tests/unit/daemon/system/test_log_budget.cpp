// SPDX-License-Identifier: BSD-3-Clause
// LogBudget: a flood writes a few lines and a sum, and what is rare is written as it comes.
#include <doctest/doctest.h>

#include "daemon/system/log_budget.hpp"
#include "tests/support/harness/manual_clock.hpp"

using namespace exapulse;
using namespace std::chrono_literals;

TEST_CASE("a flood gets a burst, then one line per second and a sum every ten seconds") {
    test::ManualClock clock;
    LogBudget budget;
    int written = 0;
    std::uint64_t summed = 0;
    int sums = 0;
    for (int ms = 0; ms < 25'000; ++ms) {
        written += budget.take(clock.steady()) ? 1 : 0;
        if (const auto sum = budget.sum(clock.steady()); sum > 0) {
            summed += sum;
            ++sums;
        }
        clock.advance(1ms);
    }
    CHECK(written == LogBudget::burst + 24);
    CHECK(sums == 3);
    clock.advance(10s);
    summed += budget.sum(clock.steady());
    CHECK(summed + static_cast<std::uint64_t>(written) == 25'000);
    CHECK(budget.sum(clock.steady()) == 0);
    CHECK_FALSE(budget.whole(clock.steady()));
    clock.advance(20s);
    CHECK(budget.whole(clock.steady()));
}

TEST_CASE("an occasional line is always written") {
    test::ManualClock clock;
    LogBudget budget;
    for (int i = 0; i < 1'000; ++i) {
        CHECK(budget.take(clock.steady()));
        clock.advance(1s);
    }
    CHECK(budget.sum(clock.steady()) == 0);
}
