// SPDX-License-Identifier: BSD-3-Clause
// HoldState: refusals, lost connections, late renewals, and ends that can't be completed.
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "tests/unit/client/hold/held_state.hpp"

namespace exapulse::client {

using namespace held;

TEST_CASE("hold: a line that is refused at first ends it, later it does not") {
    HeldState held;
    held.state.set_goal(HoldGoal::Up);
    held.attach();
    CHECK(held.sent() == HoldLines{ask_status});
    held.answer_status();
    CHECK(held.sent() == HoldLines{held_a, held_b});
    held.answer();
    held.answer(held_refusal);
    CHECK(held.told() == HoldLines{held_b + ": ExaBGP said error"});
    held.expect_lines({gone_a});
    held.expect_search();  // for the refused one
    CHECK(held.state.finished());
    CHECK(held.state.exit_code() == ExitCode::ExabgpError);

    HeldState later;
    later.hold();
    later.state.lost("closed");
    later.attach();
    CHECK(later.sent() == HoldLines{ask_status});
    later.answer_status();
    CHECK(later.sent() == HoldLines{held_a, held_b});
    later.answer(held_refusal);
    later.answer();
    CHECK(!later.state.finished());
    CHECK(later.told() == HoldLines{"closed; trying again",
                                    held_a + ": ExaBGP said error; trying again at every renewal",
                                    "up 1"});
}

TEST_CASE("hold: a refused lease ends it, a busy exapulsed does not") {
    for (const ErrorCode code : {ErrorCode::BadInput, ErrorCode::UnknownVerb, ErrorCode::Denied}) {
        HeldState held;
        held.state.set_goal(HoldGoal::Up);
        held.state.attached();
        CHECK(held.sent() == HoldLines{lease_line});
        held.answer(held_error(code));
        CHECK(held.state.finished());
        CHECK(held.state.exit_code() == exit_code_of(code));
        CHECK(!held.state.leaves_routes());
    }
    HeldState held;
    held.state.set_goal(HoldGoal::Up);
    held.state.attached();
    CHECK(held.sent() == HoldLines{lease_line});
    held.answer(held_error(ErrorCode::Busy));
    CHECK(held.sent().empty());
    CHECK(held.told() == HoldLines{"busy; trying again"});
    for (const char* why : {"closed", "not reachable"}) held.state.lost(why);
    CHECK(held.told().empty());
    held.attach();
    held.expect_work({held_a, held_b});
}

TEST_CASE("hold: what ExaBGP could not be sent is tried again, and said once") {
    HeldState held;
    held.state.set_goal(HoldGoal::Up);
    held.attach();
    for (int i = 0; i < 5; ++i) {
        CHECK(held.sent() == HoldLines{ask_status});
        held.answer_status("down");
        CHECK(held.sent().empty());
        const auto due = held.state.due(held.now);
        REQUIRE(due);
        CHECK(*due <= held.now + HoldState::longest_pause);
        held.now = *due;
    }
    CHECK(held.told() == HoldLines{"ExaBGP is not up (down); trying again"});
    CHECK(held.sent() == HoldLines{ask_status});
    held.answer_status();
    CHECK(held.sent() == HoldLines{held_a, held_b});
    held.answer(held_error(ErrorCode::NotSent));
    held.answer(held_error(ErrorCode::OutcomeUnknown));
    held.now += HoldState::longest_pause;
    held.expect_work({held_a, held_b});
    CHECK(held.told() == HoldLines{"up 2"});
}

TEST_CASE("hold: that exapulsed has not reached ExaBGP yet is said only if it lasts") {
    HeldState held;
    held.state.set_goal(HoldGoal::Up);
    held.attach();
    const auto start = held.now;
    while (held.told().empty()) {
        CHECK(held.sent() == HoldLines{ask_status});
        held.answer_status("connecting");
        REQUIRE(held.state.due(held.now));
        held.now = *held.state.due(held.now);
        REQUIRE(held.now < start + 5s);
    }
    CHECK(held.now >= start + 1s);
    held.expect_work({held_a, held_b});
}

TEST_CASE("hold: after exapulsed was away all is announced again, or withdrawn at last") {
    HeldState held;
    held.hold();
    held.state.lost("closed");
    held.state.lost("not reachable");
    CHECK(held.told() == HoldLines{"closed; trying again"});
    held.attach();
    held.expect_work({held_a, held_b});
    CHECK(held.told() == HoldLines{"up 2 again"});

    held.state.lost("closed");
    held.state.set_goal(HoldGoal::Down);
    CHECK(held.told() == HoldLines{"closed; trying again"});
    held.attach();
    held.expect_work({gone_a, gone_b});
    CHECK(held.told() == HoldLines{"down 0"});

    // One that was under way may have been executed.
    held.state.set_goal(HoldGoal::Up);
    CHECK(held.sent() == HoldLines{held_a, held_b});
    held.state.lost("closed");
    held.state.set_goal(HoldGoal::Down);
    held.attach();
    held.expect_work({gone_a, gone_b});
}

TEST_CASE("hold: a renewal that came too late announces again, and so does a lease that is gone") {
    HeldState held;
    held.hold();
    held.now += 14s;
    CHECK(held.sent() == HoldLines{renew_line});
    held.answer();
    CHECK(held.sent().empty());
    held.now += 15s;
    CHECK(held.sent() == HoldLines{renew_line});
    held.answer();
    held.expect_lines({held_a, held_b});
    CHECK(held.told() ==
          HoldLines{"exapulsed was slow to renew the lease; announcing again in case it was over",
                    "up 2 again"});
    held.now += 5s;
    CHECK(held.sent() == HoldLines{renew_line});
    held.answer(held_error(ErrorCode::LeaseOver));
    CHECK(held.sent() == HoldLines{lease_line});
    held.answer();
    held.expect_lines({held_a, held_b});
    CHECK(held.told() ==
          HoldLines{"the lease was not renewed in time; announcing again", "up 2 again"});
    // While nothing is announced a late one is no news.
    held.state.set_goal(HoldGoal::Down);
    held.expect_lines({gone_a, gone_b});
    static_cast<void>(held.told());
    held.now += 60s;
    CHECK(held.sent() == HoldLines{renew_line});
    held.answer();
    CHECK(held.told().empty());
}

TEST_CASE("hold: renewals don't wait for announcements, which the window bounds") {
    HoldLines many;
    for (std::size_t i = 0; i < 2 * HoldState::window; ++i)
        many.push_back("peer * announce route 10.1.0." + std::to_string(i) + "/32 next-hop self");
    HeldState held({}, many);
    held.state.set_goal(HoldGoal::Up);
    held.attach();
    CHECK(held.sent() == HoldLines{ask_status});
    held.answer_status();
    CHECK(held.sent().size() == HoldState::window);
    held.now += 5s;
    CHECK(held.sent() == HoldLines{renew_line});
    held.answer();
    CHECK(held.sent().empty());
    held.answer();
    CHECK(held.sent().size() == 1);
}

TEST_CASE("hold: an end that can't be withdrawn is left to exapulsed") {
    HeldState away;
    away.hold();
    away.state.lost("closed");
    away.state.set_goal(HoldGoal::Ended);
    CHECK(away.state.finished());
    CHECK(away.state.leaves_routes());
    CHECK(away.state.exit_code() == ExitCode::Unreachable);
    CHECK(away.told() == HoldLines{"closed; trying again"});

    HeldState lost;
    lost.hold();
    lost.state.set_goal(HoldGoal::Ended);
    CHECK(lost.sent() == HoldLines{gone_a, gone_b});
    lost.answer();
    CHECK(!lost.state.finished());
    lost.state.lost("closed");
    CHECK(lost.state.finished());
    CHECK(lost.state.leaves_routes());

    HeldState unsent;
    unsent.hold();
    unsent.state.set_goal(HoldGoal::Ended);
    CHECK(unsent.sent() == HoldLines{gone_a, gone_b});
    unsent.answer(held_error(ErrorCode::NotSent));
    unsent.answer();
    CHECK(unsent.state.finished());
    CHECK(unsent.state.leaves_routes());
    CHECK(unsent.state.exit_code() == ExitCode::NotSent);

    HeldState never;
    never.state.set_goal(HoldGoal::Up);
    never.state.lost("not reachable");
    never.state.set_goal(HoldGoal::Ended);
    CHECK(never.state.finished());
    CHECK(!never.state.leaves_routes());
    CHECK(never.state.exit_code() == ExitCode::Done);
}

TEST_CASE("hold: what ExaBGP has, but exapulsed could not save, is announced again at a renewal") {
    HeldState held({}, {held_a});
    held.state.set_goal(HoldGoal::Up);
    held.attach();
    CHECK(held.sent() == HoldLines{ask_status});
    held.answer_status();
    CHECK(held.sent() == HoldLines{held_a});
    held.answer(held_error(ErrorCode::NotSaved));
    CHECK(held.sent().empty());
    CHECK(held.told() == HoldLines{held_a + ": not-saved"});
    held.now += 5s;
    CHECK(held.sent() == HoldLines{renew_line, held_a});
    held.answer();
    held.answer();
    CHECK(held.told() == HoldLines{"up 1"});
}

TEST_CASE("hold: what a hold before it has left is withdrawn at the end, or when the check fails") {
    HeldState ended;
    ended.attach();
    CHECK(ended.sent().empty());  // its check may still pass
    ended.state.set_goal(HoldGoal::Ended);
    CHECK(!ended.state.finished());
    CHECK(ended.sent() == HoldLines{ask_routes});
    ended.answer_routes({left_route("announce route 10.0.0.0/24 next-hop self")});
    ended.expect_work({gone_a});
    CHECK(ended.state.finished());
    CHECK(ended.state.exit_code() == ExitCode::Done);
    CHECK(ended.told() == HoldLines{"ended 0"});

    HeldState soon;  // the lease was not granted yet
    soon.state.attached();
    CHECK(soon.sent() == HoldLines{lease_line});
    soon.state.set_goal(HoldGoal::Ended);
    soon.answer();
    CHECK(soon.sent() == HoldLines{ask_routes});
    soon.answer_routes({left_route(held_a), left_route(held_b)});
    soon.expect_work({gone_a, gone_b});
    CHECK(soon.state.finished());

    HeldState fallen;
    fallen.attach();
    fallen.state.set_goal(HoldGoal::Down);
    CHECK(fallen.sent() == HoldLines{ask_routes});
    fallen.answer_routes({left_route(held_b)});
    fallen.expect_work({gone_b});
    CHECK(fallen.told() == HoldLines{"down 0"});
    fallen.state.set_goal(HoldGoal::Ended);
    CHECK(fallen.state.finished());
}

TEST_CASE("hold: it takes over what it announces, and withdraws the rest of a hold before it") {
    const std::string other = "peer * announce route 10.0.7.0/24 next-hop self";
    HeldState held({down_a, other});
    held.state.set_goal(HoldGoal::Up);
    held.attach();
    CHECK(held.sent() == HoldLines{ask_routes});
    held.answer_routes({left_route(down_a), left_route(other)});
    held.expect_work({"peer * withdraw route 10.0.7.0/24 next-hop self"});
    held.expect_lines({held_a, held_b});
    CHECK(held.told() == HoldLines{"up 2"});
}

TEST_CASE("hold: what others announce stays at its end") {
    HeldState held;
    held.attach();
    held.state.set_goal(HoldGoal::Ended);
    CHECK(held.sent() == HoldLines{ask_routes});
    std::string of_user = left_route(held_a);
    of_user.replace(of_user.find(R"("uid": 0)"), 8, R"("uid": 1)");
    std::string left_out = left_route(held_a);
    left_out.replace(left_out.find("false"), 5, "true");  // withdrawn from these peers
    held.answer_routes({of_user, left_out, left_route(held_a, R"("another")"),
                        left_route(held_a, "null", "true"), left_route(held_a, "null", "null"),
                        left_route("peer 192.0.2.1 announce route 10.0.0.0/24 next-hop self"),
                        left_route("peer * announce route 10.0.0.0/25 next-hop self"), "{}", "[]",
                        R"({"number": 7, "withdrawn": false, "uid": 0, "name": null,)"
                        R"( "lease": 15000, "command": "announce route 10.0.0.0/24"})"});
    CHECK(held.sent().empty());
    CHECK(held.state.finished());
    CHECK(held.state.exit_code() == ExitCode::Done);
    CHECK(held.told() == HoldLines{"ended 0"});
}

TEST_CASE("hold: a line of several routes is withdrawn only if none of them is another's") {
    const std::string both =
        "peer * announce attributes next-hop self nlri 10.0.0.0/24 10.0.1.0/24";
    const std::string first = "peer * announce attributes next-hop self nlri 10.0.0.0/24";
    for (const std::string& other :
         {left_route(held_b, R"("another")"),
          left_route("peer 192.0.2.1 announce route 10.0.1.0/24 next-hop self", "null", "null")}) {
        HeldState held({}, {both});
        held.attach();
        held.state.set_goal(HoldGoal::Ended);
        CHECK(held.sent() == HoldLines{ask_routes});
        held.answer_routes({left_route(first), other});
        CHECK(held.state.finished());
    }
    HeldState held({}, {both});
    held.attach();
    held.state.set_goal(HoldGoal::Ended);
    CHECK(held.sent() == HoldLines{ask_routes});
    held.answer_routes({left_route(first)});
    held.expect_work({"peer * withdraw attributes next-hop self nlri 10.0.0.0/24 10.0.1.0/24"});
    CHECK(held.state.finished());
}

TEST_CASE("hold: a search that fails at the end leaves the rest to exapulsed") {
    for (const ErrorCode code : {ErrorCode::Busy, ErrorCode::Denied, ErrorCode::UnknownVerb}) {
        HeldState held;
        held.attach();
        held.state.set_goal(HoldGoal::Ended);
        CHECK(held.sent() == HoldLines{ask_routes});
        held.answer(held_error(code));
        CHECK(held.state.finished());
    }
    HeldState lost;
    lost.attach();
    lost.state.set_goal(HoldGoal::Ended);
    CHECK(lost.sent() == HoldLines{ask_routes});
    lost.state.lost("closed");
    CHECK(lost.state.finished());

    HeldState fallen;  // of ExaBGP
    fallen.attach();
    fallen.state.set_goal(HoldGoal::Ended);
    CHECK(fallen.sent() == HoldLines{ask_routes});
    fallen.answer_routes({left_route(held_a)});
    CHECK(fallen.sent() == HoldLines{ask_status});
    fallen.answer_status("down");
    CHECK(fallen.state.finished());
    CHECK(fallen.state.leaves_routes());
    CHECK(fallen.state.exit_code() == ExitCode::NotSent);
}

TEST_CASE("hold: a search whose goal has changed meanwhile is made again") {
    HeldState held;
    held.attach();
    held.state.set_goal(HoldGoal::Down);
    CHECK(held.sent() == HoldLines{ask_routes});
    held.state.set_goal(HoldGoal::Ended);
    held.answer_routes({left_route(held_a)});
    CHECK(held.sent() == HoldLines{ask_routes});
    held.answer_routes({left_route(held_a)});
    held.expect_work({gone_a});
    CHECK(held.state.finished());

    HeldState passed;
    passed.attach();
    passed.state.set_goal(HoldGoal::Down);
    CHECK(passed.sent() == HoldLines{ask_routes});
    passed.state.set_goal(HoldGoal::Up);
    CHECK(passed.sent() == HoldLines{ask_status});  // announcing takes them over
    passed.answer_routes({left_route(held_a)});
    passed.answer_status();
    passed.expect_lines({held_a, held_b});
}

}  // namespace exapulse::client
