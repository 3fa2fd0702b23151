// SPDX-License-Identifier: BSD-3-Clause
// What `hold` says of a change.
#include <string>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "client/hold/hold_text.hpp"

namespace exapulse::client {

namespace {

HoldNotice reached(HoldGoal goal, std::size_t routes, std::size_t before, bool again = false) {
    return {.kind = HoldNotice::Kind::Reached,
            .goal = goal,
            .routes = routes,
            .before = before,
            .again = again};
}

}  // namespace

TEST_CASE("hold: one line per change") {
    CHECK(hold_text(reached(HoldGoal::Up, 2, 0), "") == "announced 2 routes");
    CHECK(hold_text(reached(HoldGoal::Up, 1, 1, true), "it is up") ==
          "announced 1 route again: it is up");
    CHECK(hold_text(reached(HoldGoal::Down, 1, 2), "it fails") ==
          "announced 1 route of --down: it fails");
    CHECK(hold_text(reached(HoldGoal::Down, 0, 2), "it fails") == "withdrawn: it fails");
    CHECK(hold_text(reached(HoldGoal::Down, 0, 0), "it fails") == "not announced: it fails");
    CHECK(hold_text(reached(HoldGoal::Ended, 0, 2), "ended by Terminated") ==
          "withdrawn: ended by Terminated");
    CHECK(hold_text(reached(HoldGoal::Ended, 0, 0), "ended by Terminated").empty());
}

TEST_CASE("hold: the same as JSON, and for the hook") {
    const auto json =
        nlohmann::json::parse(hold_json(reached(HoldGoal::Down, 0, 2), "it fails", {}));
    CHECK(json == nlohmann::json{{"time", "1970-01-01T00:00:00.000000Z"},
                                 {"type", "withdrawn"},
                                 {"state", "down"},
                                 {"routes", 0},
                                 {"again", false},
                                 {"reason", "it fails"}});
    CHECK(
        nlohmann::json::parse(hold_json(reached(HoldGoal::Up, 2, 0), "", {}))["reason"].is_null());
    CHECK(hold_environment(HoldGoal::Up, "", "/s") ==
          std::vector<std::string>{"EXAPULSE_HOLD_STATE=up",
                                   "EXAPULSE_HOLD_REASON=", "EXAPULSE_SOCKET=/s"});
    CHECK(hold_environment(HoldGoal::Ended, "why", "/s")[0] == "EXAPULSE_HOLD_STATE=down");
}

}  // namespace exapulse::client
