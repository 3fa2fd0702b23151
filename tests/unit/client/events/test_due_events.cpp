// SPDX-License-Identifier: BSD-3-Clause
// For which event the command of `watch --cursor --exec` is due.
#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

#include <doctest/doctest.h>

#include "client/events/due_events.hpp"

using exapulse::client::DueEvents;
using namespace std::chrono_literals;

namespace {

const DueEvents::Clock::time_point start{};

/// The UUID whose run is to start; empty: none.
std::string due(DueEvents& events, DueEvents::Clock::time_point now = start) {
    const auto event = events.take_due(now);
    return event ? event->after.uuid : "";
}

DueEvents::Due event_of(std::string uuid) {
    return {{std::move(uuid), {}}, {}};
}

}  // namespace

TEST_CASE("due events: one run for an ExaBGP that succeeds") {
    DueEvents events(DueEvents::Keep::Newest);
    events.set_up(true);
    CHECK(due(events).empty());
    events.add(event_of("a"));
    CHECK(events.waiting() == 1);
    CHECK(due(events) == "a");
    CHECK(events.waiting() == 0);
    events.on_success();
    CHECK(due(events, start + 1h).empty());
    CHECK_FALSE(events.deadline());
}

TEST_CASE("due events: nothing is due while ExaBGP is not up") {
    DueEvents events(DueEvents::Keep::Newest);
    events.add(event_of("a"));
    CHECK(due(events).empty());
    CHECK(events.waiting() == 1);
    events.set_up(true);
    events.set_up(false);
    CHECK(due(events).empty());
    events.set_up(true);
    CHECK(due(events) == "a");
}

TEST_CASE("due events: a failed run is repeated, after a pause that doubles up to the longest") {
    DueEvents events(DueEvents::Keep::Newest);
    events.set_up(true);
    events.add(event_of("a"));
    auto now = start;
    std::chrono::milliseconds pause = DueEvents::first_pause;
    for (int i = 0; i < 10; ++i) {
        CAPTURE(i);
        CHECK(due(events, now) == "a");
        events.on_failure(now);
        CHECK(events.deadline() == now + pause);
        CHECK(due(events, now + pause - 1ms).empty());
        now += pause;
        pause = std::min(2 * pause, DueEvents::longest_pause);
    }
    CHECK(pause == DueEvents::longest_pause);
    // While it is down there is nothing to wake up for.
    events.set_up(false);
    CHECK_FALSE(events.deadline());
}

TEST_CASE("due events: restarts during a run are followed by one run, for the newest") {
    for (const bool succeeds : {true, false}) {
        CAPTURE(succeeds);
        DueEvents events(DueEvents::Keep::Newest);
        events.set_up(true);
        events.add(event_of("a"));
        CHECK(due(events) == "a");
        events.add(event_of("b"));
        events.add(event_of("c"));
        succeeds ? events.on_success() : events.on_failure(start);
        CHECK(due(events) == "c");  // at once
        events.on_success();
        CHECK(due(events, start + 1h).empty());
    }
}

TEST_CASE("due events: another ExaBGP does not inherit the pause of the last one") {
    DueEvents events(DueEvents::Keep::Newest);
    events.set_up(true);
    events.add(event_of("a"));
    for (auto now = start; now < start + 10h; now += 1h) {
        CHECK(due(events, now) == "a");
        events.on_failure(now);
    }
    events.add(event_of("b"));
    const auto now = start + 10h;
    CHECK(due(events, now) == "b");
    events.on_failure(now);
    CHECK(events.deadline() == now + DueEvents::first_pause);
    events.drop();
    CHECK(due(events, now + 1h).empty());
}

TEST_CASE(
    "due events: all of them are kept, and one that fails comes again before those after it") {
    DueEvents events(DueEvents::Keep::All);
    for (const char* name : {"a", "b", "c"}) events.add(event_of(name));
    CHECK(events.waiting() == 3);
    CHECK(due(events) == "a");  // whether ExaBGP is up or not
    events.on_failure(start);
    CHECK(events.deadline() == start + DueEvents::first_pause);
    CHECK(due(events).empty());
    events.add(event_of("d"));
    CHECK(due(events).empty());  // a further event does not end the pause
    auto now = start + DueEvents::first_pause;
    CHECK(due(events, now) == "a");
    events.on_failure(now);
    CHECK(events.deadline() == now + 2 * DueEvents::first_pause);
    now += 2 * DueEvents::first_pause;
    for (const char* name : {"a", "b", "c", "d"}) {
        CHECK(due(events, now) == name);
        events.on_success();
    }
    CHECK(due(events, now).empty());
    events.add(event_of("e"));
    CHECK(due(events, now) == "e");
    events.on_failure(now);
    CHECK(events.deadline() == now + DueEvents::first_pause);
}
