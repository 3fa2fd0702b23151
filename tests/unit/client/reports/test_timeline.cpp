// SPDX-License-Identifier: BSD-3-Clause
// Timeline: the bar of `exapulse history`.
#include <cstdlib>
#include <ctime>
#include <string>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "client/reports/history_answer.hpp"
#include "client/reports/peers_uptime.hpp"
#include "client/reports/timeline.hpp"
#include "client/view/display_width.hpp"
#include "common/units.hpp"
#include "tests/support/harness/utc.hpp"

namespace exapulse::client {

namespace {

using std::chrono::seconds;
using test::Utc;

const Timeline::Time begin = *parse_time("2026-11-23T20:00:00.000000Z");

Timeline::Time second_of(int second) {
    return begin + seconds(second);
}

/// Of 40 s in 40 columns.
Timeline sample() {
    Timeline timeline(begin, second_of(40), 40);
    timeline.add(std::nullopt, begin, second_of(5));
    timeline.add(HealthState::Up, second_of(5), second_of(20));
    timeline.add(HealthState::Degraded, second_of(20), second_of(25));
    timeline.add(HealthState::Down, second_of(25), second_of(30));
    timeline.add(HealthState::Up, second_of(30), second_of(40));
    return timeline;
}

}  // namespace

TEST_SUITE("client timeline") {
    TEST_CASE_FIXTURE(Utc, "each state has its sign, without colour too") {
        CHECK(sample().text({.colour = false, .utf8 = true}) ==
              "\u00b7\u00b7\u00b7\u00b7\u00b7███████████████▒▒▒▒▒▁▁▁▁▁██████████\n"
              "11-23 20:00:00            11-23 20:00:40\n"
              "█ up  ▒ degraded  ▁ absent  · not known");
    }

    TEST_CASE_FIXTURE(Utc, "in ASCII, with restarts") {
        Timeline timeline = sample();
        timeline.add_restart(second_of(30));
        timeline.add_restart(second_of(40));  // the last moment is in the last column
        CHECK(timeline.text({.colour = false, .utf8 = false}) ==
              ".....###############=====_____##########\n"
              "                              ^        ^\n"
              "11-23 20:00:00            11-23 20:00:40\n"
              "# up  = degraded  _ absent  . not known  ^ restart");
    }

    TEST_CASE_FIXTURE(Utc, "a short outage in a long time is not lost") {
        Timeline timeline(begin, second_of(100'000), 20);
        timeline.add(HealthState::Up, begin, second_of(51'000));
        timeline.add(HealthState::Down, second_of(51'000), second_of(51'001));
        timeline.add(HealthState::Up, second_of(51'001), second_of(100'000));
        CHECK(
            timeline.text({.colour = false, .utf8 = false}).starts_with("##########_#########\n"));
    }

    TEST_CASE_FIXTURE(Utc, "with colour each sign is one column, and an empty time is no fault") {
        const std::string text = sample().text({.colour = true, .utf8 = true});
        CHECK(text.find("\033[32m█\033[0m") != std::string::npos);
        Timeline none(begin, begin, 1);
        none.add(HealthState::Up, begin, begin);
        CHECK(display_width(none.text({}).substr(0, none.text({}).find('\n'))) == 20);
    }
}

TEST_SUITE("client history of peers") {
    TEST_CASE("the question") {
        CHECK(history_line({}) == "sidecar history");
        CHECK(history_line({begin, {EventType::PeerUp}, "192.0.2.1"}) ==
              "sidecar history 2026-11-23T20:00:00.000000Z peer-up peer 192.0.2.1");
    }

    TEST_CASE_FIXTURE(Utc, "one peer has some lines, several have a table") {
        const auto header = nlohmann::json::parse(
            R"({"from":"2026-11-23T20:00:00.000000Z","now":"2026-11-24T20:00:00.000000Z","complete":true})");
        const auto peer = nlohmann::json::parse(
            R"({"peer":"192.0.2.1","state":"up","since":"2026-11-24T19:00:00.000000Z",
                "availability":99.9999,"up_ms":7200000,"down_ms":60000,"unknown_ms":1000,"outages":2,
                "outages_by_cause":{"restart":1,"session":1},
                "longest_outage":{"from":"2026-11-24T18:59:20.000000Z","ms":40000},
                "mtbf_ms":3600000,"mttr_ms":30000})");
        CHECK(peers_uptime_text(header, {peer}, {}) ==
              "Peer       192.0.2.1\n"
              "Up         99.999 % of 2h 1m\n"
              "Not up     1m 0s\n"
              "Since      11-23 20:00:00\n"
              "Outages    2, 1 by a restart of ExaBGP\n"
              "Longest    40s from 11-24 18:59:20\n"
              "Mean       1h 0m up between outages (MTBF), 30s an outage (MTTR)\n"
              "Unknown    1.0s while ExaBGP was not asked for its peers, not counted\n"
              "Now        up, since 11-24 19:00:00");
        auto other = peer;
        other["peer"] = "192.0.2.22";
        other["availability"] = nullptr;
        const std::string table = peers_uptime_text(header, {peer, other}, {});
        CHECK(table.find("192.0.2.22") != std::string::npos);
        CHECK(table.find("not known") != std::string::npos);
        CHECK(table.find("MTTR") != std::string::npos);
    }
}

}  // namespace exapulse::client
