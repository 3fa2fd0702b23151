// SPDX-License-Identifier: BSD-3-Clause
#include <doctest/doctest.h>

#include "daemon/upstream/slow_reader.hpp"
#include "tests/support/harness/manual_clock.hpp"

using namespace exapulse;
using namespace std::chrono_literals;

namespace {

struct ReaderStage {
    test::ManualClock clock;
    SlowReader reader{5s};

    void hold(CommandId command) { reader.hold(command, clock.steady()); }
    void release() { reader.release(clock.steady()); }
    void others(bool wait) { reader.set_others_wait(wait, clock.steady()); }
    /// How long it may still hold.
    [[nodiscard]] Milliseconds left() const {
        return std::chrono::duration_cast<Milliseconds>(reader.due().value() - clock.steady());
    }
};

}  // namespace

TEST_CASE("slow reader: each hold is limited, and begins anew with the next") {
    ReaderStage stage;
    CHECK_FALSE(stage.reader.due());
    stage.hold(1);
    CHECK(stage.reader.holds());
    CHECK(stage.left() == 5s);
    stage.clock.advance(4s);
    CHECK(stage.left() == 1s);
    stage.release();
    CHECK_FALSE(stage.reader.holds());
    CHECK_FALSE(stage.reader.due());
    stage.hold(1);
    CHECK(stage.left() == 5s);
}

TEST_CASE("slow reader: while others wait, all holds for one answer are limited together") {
    ReaderStage stage;
    stage.hold(1);
    stage.clock.advance(1s);
    stage.others(true);
    CHECK(stage.left() == 4s);  // of this hold
    stage.clock.advance(3s);
    stage.release();
    CHECK_FALSE(stage.reader.others_wait());

    stage.clock.advance(60s);
    stage.hold(1);
    CHECK(stage.left() == 5s);  // nobody waits now
    stage.others(true);
    CHECK(stage.left() == 2s);  // others have waited for 3 s before
    stage.clock.advance(1s);
    stage.others(true);  // still
    CHECK(stage.left() == 1s);
    stage.others(false);
    CHECK(stage.left() == 4s);
    stage.clock.advance(3s);
    stage.others(true);
    CHECK(stage.left() == 1s);
    stage.release();

    SUBCASE("another answer has a limit of its own") {
        stage.hold(2);
        stage.others(true);
        CHECK(stage.left() == 5s);
    }
    SUBCASE("nothing is left") {
        stage.hold(1);
        stage.others(true);
        stage.clock.advance(2s);
        stage.release();
        stage.hold(1);
        stage.others(true);
        CHECK(stage.left() <= 0s);
    }
    SUBCASE("a shorter limit takes effect at once") {
        stage.hold(2);
        stage.reader.set_limit(100ms);
        CHECK(stage.left() == 100ms);
    }
}
