// SPDX-License-Identifier: BSD-3-Clause
// Contention: when it begins and ends, and who it is.
#include <doctest/doctest.h>

#include "daemon/upstream/dialogue/contention.hpp"
#include "tests/support/harness/manual_clock.hpp"

using namespace exapulse;
using namespace std::chrono_literals;

TEST_CASE("contention begins with a foreign write, and ends when none has come for a while") {
    test::ManualClock clock;
    Contention contention;
    CHECK_FALSE(contention.next_tick());
    const WallTime begin = clock.now().wall;
    CHECK(contention.on_write("", clock.now()));
    CHECK(contention.writer() == "another program");
    clock.advance(60s);
    CHECK_FALSE(contention.on_write("bash (pid 12)", clock.now()));
    clock.advance(60s);
    CHECK_FALSE(contention.on_write("", clock.now()));
    CHECK(contention.seen()->since == begin);
    CHECK(contention.seen()->last == clock.now().wall);
    CHECK(contention.writer() == "bash (pid 12)");  // the last one seen
    CHECK_FALSE(contention.on_tick(*contention.next_tick() - 1ms));
    CHECK(contention.on_tick(*contention.next_tick()));
    CHECK_FALSE(contention.seen());
    CHECK(contention.on_write("", clock.now()));
}
