// SPDX-License-Identifier: BSD-3-Clause
#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "client/shell/health_feed.hpp"
#include "tests/support/harness/has.hpp"

using namespace exapulse::client;
using namespace std::chrono_literals;
using exapulse::HealthState;
using exapulse::test::has;
using nlohmann::json;

namespace {

const WallTime now{1'700'000'000s};

json snapshot(const char* state, const json& uuid) {
    return {{"type", "state"}, {"state", state}, {"uuid", uuid}, {"dialect", "v6"}};
}

}  // namespace

TEST_CASE("events are told as watch tells them, and the state is kept for the prompt") {
    HealthFeed feed({});
    CHECK(has(feed.on_event(snapshot("up", "one"), now).text, "Up (UUID one)"));
    CHECK(feed.state() == HealthState::Up);
    CHECK(feed.dialect() == "v6");
    const int generation = feed.generation();
    CHECK_FALSE(feed.on_event({{"type", "degraded"}, {"state", "degraded"}}, now).failed);
    CHECK(feed.state() == HealthState::Degraded);
    CHECK(feed.on_event({{"type", "failed"}, {"state", "down"}, {"cause", "hung"}}, now).failed);
    CHECK(feed.generation() == generation);
    feed.on_event({{"type", "restarted"}, {"state", "up"}, {"uuid", "two"}}, now).text.clear();
    CHECK(feed.generation() > generation);
}

TEST_CASE("exapulsed goes and comes back, ExaBGP stayed the same") {
    HealthFeed feed({});
    (void)feed.on_event(snapshot("up", "one"), now);
    CHECK(has(feed.on_lost(now), "exapulsed closed the connection"));
    CHECK_FALSE(feed.attached());
    CHECK_FALSE(feed.state().has_value());
    const std::string text = feed.on_event(snapshot("up", "one"), now + 5s).text;
    CHECK(has(text, "Attached to exapulsed again after 5.0s"));
    CHECK(has(text, "same process"));
    CHECK_FALSE(has(text, "WARNING"));
    CHECK(feed.state() == HealthState::Up);
}

TEST_CASE("ExaBGP restarted while exapulsed was away: the box, with both UUIDs") {
    HealthFeed feed({});
    (void)feed.on_event(snapshot("up", "one"), now);
    (void)feed.on_event({{"type", "stopping"}, {"state", "up"}}, now);
    CHECK(has(feed.on_lost(now), "exapulsed has stopped"));
    const std::string text = feed.on_event(snapshot("up", "two"), now).text;
    CHECK(has(text, "WARNING: ExaBGP restarted"));
    CHECK(has(text, "Previous UUID  one"));
    CHECK(has(text, "New UUID       two"));
}

TEST_CASE(
    "a restart that the snapshot showed is not reported again, one before an answer is not yet") {
    HealthFeed feed({});
    (void)feed.on_event(snapshot("up", "one"), now);
    (void)feed.on_lost(now);
    CHECK_FALSE(has(feed.on_event(snapshot("connecting", "two"), now).text, "WARNING"));
    const json restarted{{"type", "restarted"}, {"state", "up"}, {"uuid", "two"}};
    CHECK(has(feed.on_event(restarted, now).text, "WARNING"));
    CHECK(feed.on_event(restarted, now).text.empty());

    const json lagged{{"type", "lagged"}, {"state", "up"}, {"uuid", "three"}, {"dropped", 3}};
    CHECK(has(feed.on_event(lagged, now).text, "New UUID       three"));
}

TEST_CASE("back, but ExaBGP is not there yet: its state is told, and no hope is raised") {
    // exapulsed remembers the UUID, but has not heard from ExaBGP.
    for (const json& uuid : {json(nullptr), json("one")}) {
        HealthFeed feed({});
        (void)feed.on_event(snapshot("up", "one"), now);
        (void)feed.on_lost(now);
        const std::string text = feed.on_event(snapshot("connecting", uuid), now).text;
        CHECK(has(text, "Attached to exapulsed again"));
        CHECK(has(text, "Connecting to ExaBGP"));
        CHECK_FALSE(has(text, "same process"));
        CHECK_FALSE(has(text, "WARNING"));
    }
}
