// SPDX-License-Identifier: BSD-3-Clause
// EventHistory: what is kept, and what an excerpt of it says.
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "daemon/events/event_history.hpp"

namespace exapulse::test {

namespace {

using std::chrono::seconds;
using Lines = std::vector<std::string>;

const WallTime start{std::chrono::hours(500'000)};

Event event(EventType type, HealthState state, int at, std::string uuid = "u") {
    Event event;
    event.type = type;
    event.state = state;
    event.time = start + seconds(at);
    event.uuid = std::move(uuid);
    return event;
}

/// connected at 10, degraded at 20, recovered at 30, failed at 40.
EventHistory sample(std::size_t most = 100) {
    EventHistory history(start);
    history.append(event(EventType::Connected, HealthState::Up, 10), "connected", most);
    history.append(event(EventType::Degraded, HealthState::Degraded, 20), "degraded", most);
    history.append(event(EventType::Recovered, HealthState::Up, 30), "recovered", most);
    history.append(event(EventType::Failed, HealthState::Down, 40), "failed", most);
    return history;
}

constexpr std::size_t roomy = 1'000;

}  // namespace

TEST_SUITE("event history") {
    TEST_CASE("the history begins with exapulsed") {
        const auto all = sample().excerpt(std::nullopt, every_happening(), roomy);
        CHECK(all.lines == Lines{"connected", "degraded", "recovered", "failed"});
        CHECK(all.from == start);
        CHECK(all.state == HealthState::Connecting);
        CHECK(all.uuid.empty());
        CHECK(all.after.seq == 0);
    }

    TEST_CASE("since a time: the state then, and all later events") {
        const auto excerpt = sample().excerpt(start + seconds(20), every_happening(), roomy);
        CHECK(excerpt.lines == Lines{"degraded", "recovered", "failed"});
        CHECK(excerpt.from == start + seconds(20));
        CHECK(excerpt.state == HealthState::Up);
        CHECK(excerpt.uuid == "u");
        CHECK(excerpt.after.seq == 1);
        CHECK(excerpt.complete);
        const auto later = sample().excerpt(start + seconds(100), every_happening(), roomy);
        CHECK(later.lines.empty());
        CHECK(later.state == HealthState::Down);
    }

    TEST_CASE("since a time before exapulsed started: incomplete") {
        const auto excerpt = sample().excerpt(start - seconds(1), every_happening(), roomy);
        CHECK_FALSE(excerpt.complete);
        CHECK(excerpt.from == start);
        CHECK(excerpt.lines.size() == 4);
        CHECK(sample().excerpt(start, every_happening(), roomy).complete);
    }

    TEST_CASE("the oldest are dropped, and the state after them is kept") {
        const EventHistory history = sample(2);
        CHECK(history.size() == 2);
        const auto all = history.excerpt(std::nullopt, every_happening(), roomy);
        CHECK(all.lines == Lines{"recovered", "failed"});
        CHECK(all.from == start + seconds(20));
        CHECK(all.state == HealthState::Degraded);
        CHECK(all.after.seq == 2);
        CHECK_FALSE(history.excerpt(start + seconds(15), every_happening(), roomy).complete);
        CHECK(sample(0).excerpt(std::nullopt, every_happening(), roomy).state == HealthState::Down);
    }

    TEST_CASE("only some types: the state still follows all events") {
        EventTypes failed;
        failed.set(static_cast<std::size_t>(EventType::Failed));
        const auto excerpt = sample().excerpt(start + seconds(25), failed, roomy);
        CHECK(excerpt.lines == Lines{"failed"});
        CHECK(excerpt.state == HealthState::Degraded);
    }

    TEST_CASE("what does not fit is dropped at the old end, and reported") {
        const auto excerpt = sample().excerpt(start, every_happening(), 17);
        CHECK(excerpt.lines == Lines{"recovered", "failed"});
        CHECK_FALSE(excerpt.complete);
        CHECK(excerpt.from == start + seconds(20));
        CHECK(excerpt.state == HealthState::Degraded);
        CHECK(sample().excerpt(start, every_happening(), 3).lines.empty());
    }

    TEST_CASE("the first line of the answer") {
        const auto line = nlohmann::json::parse(format_history_start(
            sample().excerpt(std::nullopt, every_happening(), roomy), start + seconds(50)));
        CHECK(line["state"] == "connecting");
        CHECK(line["uuid"].is_null());
        CHECK(line["complete"] == true);
        CHECK(line["from"].is_string());
        CHECK(line["now"].is_string());
    }
}

}  // namespace exapulse::test
