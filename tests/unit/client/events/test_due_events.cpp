// SPDX-License-Identifier: BSD-3-Clause
// For which ExaBGP the command of `watch --cursor --exec` is due.
#include <algorithm>
#include <chrono>
#include <string>

#include <doctest/doctest.h>

#include "client/events/due_events.hpp"

using exapulse::client::DueEvents;
using namespace std::chrono_literals;

namespace {

const DueEvents::Clock::time_point start{};

/// The UUID whose run is to start; empty: none.
std::string due(DueEvents& follower, DueEvents::Clock::time_point now = start) {
    const auto instance = follower.take_due(now);
    return instance ? instance->uuid : "";
}

}  // namespace

TEST_CASE("follower: one run for an ExaBGP that succeeds") {
    DueEvents follower;
    follower.set_up(true);
    CHECK(due(follower).empty());
    follower.add({"a", {}});
    CHECK(follower.waiting());
    CHECK(due(follower) == "a");
    CHECK_FALSE(follower.waiting());
    follower.on_success();
    CHECK(due(follower, start + 1h).empty());
    CHECK_FALSE(follower.deadline());
}

TEST_CASE("follower: nothing is due while ExaBGP is not up") {
    DueEvents follower;
    follower.add({"a", {}});
    CHECK(due(follower).empty());
    CHECK(follower.waiting());
    follower.set_up(true);
    follower.set_up(false);
    CHECK(due(follower).empty());
    follower.set_up(true);
    CHECK(due(follower) == "a");
}

TEST_CASE("follower: a failed run is repeated, after a pause that doubles up to the longest") {
    DueEvents follower;
    follower.set_up(true);
    follower.add({"a", {}});
    auto now = start;
    std::chrono::milliseconds pause = DueEvents::first_pause;
    for (int i = 0; i < 10; ++i) {
        CAPTURE(i);
        CHECK(due(follower, now) == "a");
        follower.on_failure(now);
        CHECK(follower.deadline() == now + pause);
        CHECK(due(follower, now + pause - 1ms).empty());
        now += pause;
        pause = std::min(2 * pause, DueEvents::longest_pause);
    }
    CHECK(pause == DueEvents::longest_pause);
    // While it is down there is nothing to wake up for.
    follower.set_up(false);
    CHECK_FALSE(follower.deadline());
}

TEST_CASE("follower: restarts during a run are followed by one run, for the newest") {
    for (const bool succeeds : {true, false}) {
        CAPTURE(succeeds);
        DueEvents follower;
        follower.set_up(true);
        follower.add({"a", {}});
        CHECK(due(follower) == "a");
        follower.add({"b", {}});
        follower.add({"c", {}});
        succeeds ? follower.on_success() : follower.on_failure(start);
        CHECK(due(follower) == "c");  // at once
        follower.on_success();
        CHECK(due(follower, start + 1h).empty());
    }
}

TEST_CASE("follower: another ExaBGP does not inherit the pause of the last one") {
    DueEvents follower;
    follower.set_up(true);
    follower.add({"a", {}});
    for (auto now = start; now < start + 10h; now += 1h) {
        CHECK(due(follower, now) == "a");
        follower.on_failure(now);
    }
    follower.add({"b", {}});
    const auto now = start + 10h;
    CHECK(due(follower, now) == "b");
    follower.on_failure(now);
    CHECK(follower.deadline() == now + DueEvents::first_pause);
    follower.drop();
    CHECK(due(follower, now + 1h).empty());
}
