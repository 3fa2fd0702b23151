// SPDX-License-Identifier: BSD-3-Clause
// UptimeReport: availability, outages and restarts from a history.
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "client/events/uptime_report.hpp"
#include "common/units.hpp"

namespace exapulse::client {

namespace {

using nlohmann::json;
using std::chrono::milliseconds;
using std::chrono::seconds;

const UptimeReport::Time start{std::chrono::hours(500'000)};

std::string at(int second) {
    return format_time(start + seconds(second));
}

json header(const std::string& state, bool known, int now, bool complete = true) {
    return {{"from", at(0)},
            {"now", at(now)},
            {"state", state},
            {"uuid", known ? json("u") : json(nullptr)},
            {"complete", complete}};
}

json event(const std::string& type, const std::string& state, int second,
           const std::string& cause = "") {
    json event{{"type", type}, {"state", state}, {"time", at(second)}, {"uuid", "u"}};
    if (!cause.empty()) event["cause"] = cause;
    return event;
}

}  // namespace

TEST_SUITE("client uptime report") {
    TEST_CASE("up all the time") {
        const UptimeReport report(header("up", true, 100), {});
        CHECK(report.availability() == 100.0);
        CHECK(report.up() == seconds(100));
        CHECK(report.outages() == 0);
        CHECK_FALSE(report.longest().has_value());
        const std::string text = report.text({});
        CHECK(text.find("100.000 % of") != std::string::npos);
        CHECK(text.find("Outages    none") != std::string::npos);
    }

    TEST_CASE("the time before the first ExaBGP is unknown, and no outage") {
        const UptimeReport report(header("connecting", false, 100), {event("connected", "up", 40)});
        CHECK(report.unknown() == seconds(40));
        CHECK(report.up() == seconds(60));
        CHECK(report.availability() == 100.0);
        CHECK(report.outages() == 0);
        CHECK(report.text({}).find("Unknown    40s before") != std::string::npos);
        const UptimeReport never(header("connecting", false, 100), {});
        CHECK_FALSE(never.availability().has_value());
        CHECK(json::parse(never.as_json())["availability"].is_null());
    }

    TEST_CASE("outages: a bounce, a restart, a hang that still goes on; degraded counts as up") {
        const UptimeReport report(
            header("up", true, 1'000),
            {event("disconnected", "connecting", 100, "closed"), event("reconnected", "up", 101),
             event("disconnected", "connecting", 200, "closed"),
             event("restarted", "up", 204, "closed"), event("degraded", "degraded", 300),
             event("recovered", "up", 310), event("restarted", "up", 320, "changed"),
             event("degraded", "degraded", 880), event("failed", "down", 900, "hung")});
        CHECK(report.outages() == 3);
        CHECK(report.down() == seconds(105));
        CHECK(report.up() == seconds(895));
        CHECK(report.restarts() == 2);
        REQUIRE(report.longest().has_value());
        CHECK(report.longest()->from == start + seconds(900));
        CHECK(report.longest()->length == seconds(100));
        const json line = json::parse(report.as_json());
        CHECK(line["availability"].get<double>() == doctest::Approx(89.5));
        CHECK(line["restarts_by_cause"] == json{{"changed", 1}, {"closed", 1}});
        CHECK(line["state"] == "down");
        CHECK(line["longest_outage"]["ms"] == 100'000);
        const std::string text = report.text({});
        CHECK(text.find("Restarts   2: 1 changed, 1 closed") != std::string::npos);
        CHECK(text.find("Outages    3, the longest 1m 40s from") != std::string::npos);
    }

    TEST_CASE("an outage that began before is one, and a failure in an outage is no second one") {
        const UptimeReport report(
            header("connecting", true, 100, false),
            {event("failed", "down", 30, "absent"), event("restarted", "up", 50, "absent")});
        CHECK(report.outages() == 1);
        CHECK(report.down() == seconds(50));
        CHECK(report.text({}).find("nothing older is remembered") != std::string::npos);
    }

    TEST_CASE("something lost is never 100 percent") {
        const UptimeReport report(
            header("up", true, 100'000'000),
            {event("disconnected", "connecting", 50, "closed"), event("reconnected", "up", 51)});
        CHECK(report.text({}).find("99.999 %") != std::string::npos);
    }

    TEST_CASE("a clock that was set back, and lines that are no events") {
        const UptimeReport report(header("up", true, 100),
                                  {event("peer-up", "up", 60), event("degraded", "degraded", 20),
                                   json::array(), json{{"time", "x"}}});
        CHECK(report.up() == seconds(100));
    }
}

}  // namespace exapulse::client
