// SPDX-License-Identifier: BSD-3-Clause
// HoldState: what is sent, and when, as the check goes up and down.
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "tests/unit/client/hold/held_state.hpp"

namespace exapulse::client {

using namespace held;

TEST_CASE("hold: a lease, then the routes as ExaBGP spells them, then renewals, then their end") {
    HeldState held({}, {"announce route 10.0.0.0/24 next-hop self", held_b});
    held.state.set_goal(HoldGoal::Up);
    held.attach();
    CHECK(held.told().empty());
    held.expect_work({held_a, held_b});
    CHECK(held.told() == HoldLines{"up 2"});
    for (int i = 0; i < 3; ++i) {
        CHECK(held.sent().empty());
        CHECK(held.state.due(held.now) == held.now + 5s);
        held.now += 5s;
        CHECK(held.sent() == HoldLines{renew_line});
        held.answer();
    }
    CHECK(held.told().empty());
    held.state.set_goal(HoldGoal::Ended);
    CHECK(!held.state.finished());
    held.expect_lines({gone_a, gone_b});
    CHECK(held.state.finished());
    CHECK(held.state.exit_code() == ExitCode::Done);
    CHECK(!held.state.leaves_routes());
    CHECK(held.told() == HoldLines{"ended 0"});
}

TEST_CASE(
    "hold: nothing is announced before a check has passed, and it is withdrawn when it fails") {
    HeldState held;
    held.attach();
    CHECK(held.sent().empty());
    held.state.set_goal(HoldGoal::Down);
    CHECK(held.told().empty());
    held.expect_search();
    CHECK(held.sent().empty());
    CHECK(held.told() == HoldLines{"down 0"});
    held.state.set_goal(HoldGoal::Up);
    held.expect_work({held_a, held_b});
    held.state.set_goal(HoldGoal::Down);
    held.expect_lines({gone_a, gone_b});
    CHECK(held.told() == HoldLines{"up 2", "down 0"});
    held.state.set_goal(HoldGoal::Ended);
    CHECK(held.state.finished());
}

TEST_CASE("hold: what --down announces replaces a route, and the others are withdrawn first") {
    HeldState held({down_a});
    held.hold();
    held.state.set_goal(HoldGoal::Down);
    held.expect_lines({gone_b});
    held.expect_lines({down_a});
    CHECK(held.told() == HoldLines{"down 1"});
    held.state.set_goal(HoldGoal::Up);
    held.expect_lines({held_a, held_b});
    CHECK(held.told() == HoldLines{"up 2"});
    held.state.set_goal(HoldGoal::Down);
    held.expect_lines({gone_b});
    held.expect_lines({down_a});
    held.state.set_goal(HoldGoal::Ended);
    held.expect_lines({gone_down_a});
    CHECK(held.state.finished());
}

TEST_CASE("hold: a check that flaps while the answers are on their way") {
    HeldState held({down_a});
    held.hold();
    held.state.set_goal(HoldGoal::Down);
    CHECK(held.sent() == HoldLines{gone_b});
    held.state.set_goal(HoldGoal::Up);
    CHECK(held.sent().empty());
    held.answer();  // of gone_b
    held.expect_lines({held_b});
    held.state.set_goal(HoldGoal::Down);
    held.expect_lines({gone_b});
    CHECK(held.sent() == HoldLines{down_a});
    held.state.set_goal(HoldGoal::Up);
    CHECK(held.sent() == HoldLines{held_b});
    held.answer();  // of down_a: held_a is replaced
    CHECK(held.sent() == HoldLines{held_a});
    held.answer();
    held.answer();
    CHECK(held.sent().empty());
    CHECK(held.told().empty());  // it is as it was
    held.state.set_goal(HoldGoal::Ended);
    held.expect_lines({gone_a, gone_b});
    CHECK(held.state.finished());
}

TEST_CASE("hold: a --down that ExaBGP refuses withdraws what it was to replace") {
    HeldState held({down_a});
    held.hold();
    held.state.set_goal(HoldGoal::Down);
    held.expect_lines({gone_b});
    CHECK(held.sent() == HoldLines{down_a});
    held.answer(held_refusal);
    held.expect_lines({gone_a});
    CHECK(held.told() ==
          HoldLines{down_a + ": ExaBGP said error; trying again at every renewal", "down 0"});
    held.now += 5s;
    CHECK(held.sent() == HoldLines{renew_line, down_a});
    held.answer();
    held.answer(held_refusal);
    CHECK(held.told().empty());
    held.now += 5s;
    CHECK(held.sent() == HoldLines{renew_line, down_a});
    held.answer();
    held.answer();
    CHECK(held.told() == HoldLines{"down 1"});
}

}  // namespace exapulse::client
