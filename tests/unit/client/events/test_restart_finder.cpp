// SPDX-License-Identifier: BSD-3-Clause
// Which restarts the client finds by itself, and that none is told twice.
#include <string>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "client/events/restart_finder.hpp"

using exapulse::client::RestartFinder;
using nlohmann::json;

namespace {

json event(const std::string& type, const json& uuid, const std::string& state = "up") {
    return {{"type", type},   {"seq", 7},    {"boot", "b"}, {"time", "2026-11-01T10:00:00.000000Z"},
            {"state", state}, {"uuid", uuid}};
}

json snapshot(const json& uuid, const std::string& state = "up",
              const std::string& method = "ping") {
    json picture = event("state", uuid, state);
    picture["identity"] = {{"method", method}};
    return picture;
}

}  // namespace

TEST_CASE("finder: another UUID on attach is a restart, the first one and the same one are none") {
    RestartFinder finder;
    CHECK_FALSE(finder.on_event(snapshot("a")).restarted);
    CHECK_FALSE(finder.on_event(snapshot("a")).restarted);
    const auto finding = finder.on_event(snapshot("b"));
    CHECK_FALSE(finding.repeated);
    REQUIRE(finding.restarted);
    CHECK(*finding.restarted == json{{"type", "restarted"},
                                     {"seq", 7},
                                     {"boot", "b"},
                                     {"time", "2026-11-01T10:00:00.000000Z"},
                                     {"state", "up"},
                                     {"uuid", "b"},
                                     {"previous", "a"},
                                     {"proven", true},
                                     {"away_ms", nullptr},
                                     {"cause", nullptr},
                                     {"found", "on-attach"}});
    CHECK(finder.known() == "b");
}

TEST_CASE("finder: no restart is told twice, whoever tells it first") {
    RestartFinder finder;
    CHECK_FALSE(finder.on_event(snapshot("a")).restarted);
    const auto told = finder.on_event(event("restarted", "b"));
    CHECK_FALSE(told.repeated);
    CHECK_FALSE(told.restarted);
    CHECK_FALSE(finder.on_event(snapshot("b")).restarted);

    CHECK(finder.on_event(snapshot("c")).restarted);
    const auto again = finder.on_event(event("restarted", "c"));
    CHECK(again.repeated);
    CHECK_FALSE(again.restarted);
}

TEST_CASE("finder: with a cursor the first ExaBGP is compared with it; none known counts as one") {
    RestartFinder same(RestartFinder::AtFirst::NoneIsKnown, "a");
    CHECK_FALSE(same.on_event(snapshot("a")).restarted);

    RestartFinder other(RestartFinder::AtFirst::NoneIsKnown, "a");
    const auto found = other.on_event(snapshot("b")).restarted;
    REQUIRE(found);
    CHECK(found->at("previous") == "a");

    RestartFinder none(RestartFinder::AtFirst::NoneIsKnown);
    const auto first = none.on_event(snapshot("a")).restarted;
    REQUIRE(first);
    CHECK(first->at("previous").is_null());
    CHECK(first->at("proven") == false);
    CHECK_FALSE(none.on_event(snapshot("a")).restarted);
}

TEST_CASE("finder: one that does not answer proves nothing, nor does an unknown UUID") {
    RestartFinder finder(RestartFinder::AtFirst::NoneIsKnown, "a");
    for (const char* state : {"connecting", "down"}) {
        CAPTURE(state);
        CHECK_FALSE(finder.on_event(snapshot("b", state)).restarted);
    }
    CHECK_FALSE(finder.on_event(snapshot(nullptr)).restarted);
    CHECK(finder.known() == "a");
    CHECK(finder.on_event(snapshot("b", "degraded")).restarted);
}

TEST_CASE("finder: any event shows it, and a gap in the stream is named as what hid it") {
    RestartFinder finder;
    CHECK_FALSE(finder.on_event(snapshot("a")).restarted);
    const auto connected = finder.on_event(event("connected", "b")).restarted;
    REQUIRE(connected);
    CHECK(connected->at("found") == "on-attach");
    const auto lagged = finder.on_event(event("lagged", "c")).restarted;
    REQUIRE(lagged);
    CHECK(lagged->at("found") == "after-gap");
    const auto gap = finder.on_event(event("gap", "d")).restarted;
    REQUIRE(gap);
    CHECK(gap->at("found") == "after-gap");
}

TEST_CASE("finder: where a UUID is no proof the found restart is not proven") {
    RestartFinder finder;
    CHECK_FALSE(finder.on_event(snapshot("a", "up", "none")).restarted);
    const auto found = finder.on_event(snapshot("b", "up", "none")).restarted;
    REQUIRE(found);
    CHECK(found->at("proven") == false);
}
