// SPDX-License-Identifier: BSD-3-Clause
// UptimeReport: availability, outages and restarts from a history.
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "client/reports/uptime_report.hpp"
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

UptimeReport report_on(const json& header, const std::vector<json>& events,
                       std::optional<UptimeReport::Time> asked = {},
                       UptimeReport::OnSpan on_span = nullptr) {
    UptimeReport report(header, asked, std::move(on_span));
    for (const json& event : events) report.add(event);
    report.finish();
    return report;
}

}  // namespace

TEST_SUITE("client uptime report") {
    TEST_CASE("up all the time") {
        const UptimeReport report = report_on(header("up", true, 100), {});
        CHECK(report.availability() == 100.0);
        CHECK(report.up() == seconds(100));
        CHECK(report.outages() == 0);
        CHECK_FALSE(report.longest().has_value());
        const std::string text = report.text({});
        CHECK(text.find("100.000 % of") != std::string::npos);
        CHECK(text.find("Outages    none") != std::string::npos);
    }

    TEST_CASE("until exapulsed knows how ExaBGP is, the time is unknown, and no outage") {
        const UptimeReport report =
            report_on(header("connecting", false, 100), {event("connected", "up", 40)});
        CHECK(report.unknown() == seconds(40));
        CHECK(report.up() == seconds(60));
        CHECK(report.availability() == 100.0);
        CHECK(report.outages() == 0);
        CHECK(report.text({}).find("Unknown    40s until exapulsed knew") != std::string::npos);
        const UptimeReport never = report_on(header("connecting", false, 100), {});
        CHECK_FALSE(never.availability().has_value());
        CHECK(json::parse(never.as_json())["availability"].is_null());
    }

    TEST_CASE("an ExaBGP that was absent from the start was down") {
        const UptimeReport report = report_on(
            header("connecting", false, 52),
            {event("disconnected", "connecting", 1, "absent"), event("failed", "down", 30),
             event("connected", "up", 40), event("disconnected", "connecting", 43, "closed")});
        CHECK(report.up() == seconds(3));
        CHECK(report.down() == seconds(49));
        CHECK(report.unknown() == seconds(0));
        CHECK(report.outages() == 2);
        CHECK(report.longest()->from == start);
        CHECK(report.text({}).find("Up         5.769 % of 52s") != std::string::npos);
        CHECK(report.text({}).find("Not up     39s connecting, 10s down") != std::string::npos);
        // A later question begins amid it: exapulsed knew already.
        json amid = header("connecting", false, 10);
        amid["seq"] = 1;
        CHECK(report_on(amid, {}).down() == seconds(10));
    }

    TEST_CASE("one that ceased to answer is down from its last pong, not from when it is noticed") {
        json degraded = event("degraded", "degraded", 20);
        degraded["last_pong"] = at(3);
        json failed = event("failed", "down", 40, "hung");
        failed["last_pong"] = at(3);
        const UptimeReport report = report_on(header("connecting", false, 52),
                                              {event("connected", "up", 0), degraded, failed});
        CHECK(report.up() == seconds(3));
        CHECK(report.down() == seconds(49));
        CHECK(report.outages() == 1);
        CHECK(report.longest()->from == start + seconds(3));
        const std::string text = report.text({});
        CHECK(text.find("Up         5.769 % of 52s") != std::string::npos);
        CHECK(text.find("Not up     37s degraded, 12s down") != std::string::npos);
        CHECK(json::parse(report.as_json())["ms_by_state"] ==
              json{{"up", 3'000}, {"degraded", 37'000}, {"down", 12'000}});
        // Of the time before the report nothing can be taken away.
        failed["last_pong"] = at(-100);
        CHECK(report_on(header("up", true, 52), {failed}).down() == seconds(52));
        failed["last_pong"] = nullptr;
        CHECK(report_on(header("up", true, 52), {failed}).down() == seconds(12));
    }

    TEST_CASE("what exapulsed does not remember is neither up nor down, and is named") {
        const UptimeReport report =
            report_on(header("up", true, 100, false), {}, start - seconds(3'600));
        CHECK(report.availability() == 100.0);
        CHECK(report.unknown() == seconds(3'600));
        CHECK(json::parse(report.as_json())["not_remembered_ms"] == 3'600'000);
        CHECK(report.text({}).find("Unknown    1h 0m before that") != std::string::npos);
        const UptimeReport all = report_on(header("up", true, 100), {}, start);
        CHECK(all.unknown() == seconds(0));
    }

    TEST_CASE("outages: a bounce, a restart, pings missed, a hang that still goes on") {
        const UptimeReport report = report_on(
            header("up", true, 1'000),
            {event("disconnected", "connecting", 100, "closed"), event("reconnected", "up", 101),
             event("disconnected", "connecting", 200, "closed"),
             event("restarted", "up", 204, "closed"), event("degraded", "degraded", 300),
             event("recovered", "up", 310), event("restarted", "up", 320, "changed"),
             event("degraded", "degraded", 880), event("failed", "down", 900, "hung")});
        CHECK(report.outages() == 4);
        CHECK(report.down() == seconds(135));
        CHECK(report.up() == seconds(865));
        CHECK(report.restarts() == 2);
        REQUIRE(report.longest().has_value());
        CHECK(report.longest()->from == start + seconds(880));
        CHECK(report.longest()->length == seconds(120));
        const json line = json::parse(report.as_json());
        CHECK(line["availability"].get<double>() == doctest::Approx(86.5));
        CHECK(line["restarts_by_cause"] == json{{"changed", 1}, {"closed", 1}});
        CHECK(line["state"] == "down");
        CHECK(line["longest_outage"]["ms"] == 120'000);
        const std::string text = report.text({});
        CHECK(text.find("Restarts   2: 1 changed, 1 closed") != std::string::npos);
        CHECK(text.find("Outages    4, the longest 2m 0s from") != std::string::npos);
    }

    TEST_CASE("an outage that began before is one, and a failure in an outage is no second one") {
        const UptimeReport report = report_on(
            header("connecting", true, 100, false),
            {event("failed", "down", 30, "absent"), event("restarted", "up", 50, "absent")});
        CHECK(report.outages() == 1);
        CHECK(report.down() == seconds(50));
        CHECK(report.text({}).find("nothing older is remembered") != std::string::npos);
    }

    TEST_CASE("something lost is never 100 percent") {
        const UptimeReport report = report_on(
            header("up", true, 100'000'000),
            {event("disconnected", "connecting", 50, "closed"), event("reconnected", "up", 51)});
        CHECK(report.text({}).find("99.999 %") != std::string::npos);
    }

    TEST_CASE("a clock that was set back, and lines that are no events") {
        const UptimeReport report = report_on(
            header("up", true, 100), {event("peer-up", "up", 60), event("recovered", "up", 20),
                                      json::array(), json{{"time", "x"}}});
        CHECK(report.up() == seconds(100));
    }

    TEST_CASE("what happened while exapulsed was not running is unknown") {
        json head = header("up", true, 100);
        head["seq"] = 3;
        head["boot"] = "a";
        head["runs"] = {{{"boot", "a"}, {"started", at(-50)}, {"until", at(30)}},
                        {{"boot", "b"}, {"started", at(40)}, {"until", at(45)}},
                        {{"boot", "c"}, {"started", at(50)}, {"until", at(100)}}};
        json lost = event("disconnected", "connecting", 20);
        lost["boot"] = "a";
        json again = event("reconnected", "up", 60);
        again["boot"] = "c";
        const UptimeReport report = report_on(head, {lost, again});
        CHECK(report.up() == seconds(20 + 40));
        CHECK(report.down() == seconds(10));
        CHECK(report.unknown() == seconds(10 + 5 + 5 + 10));
        CHECK(report.outages() == 1);
        CHECK(report.between_outages() == seconds(60));
        CHECK(report.mean_outage() == seconds(10));
        CHECK(json::parse(report.as_json())["unwatched_ms"] == 15'000);
        CHECK(json::parse(report.as_json())["mttr_ms"] == 10'000);
        CHECK(report.text({}).find("15s while exapulsed was not running") != std::string::npos);
    }

    TEST_CASE("an ExaBGP that is not up when exapulsed comes back was not up before either") {
        json head = header("up", true, 100);
        head["seq"] = 3;
        head["boot"] = "a";
        head["runs"] = {{{"boot", "a"}, {"started", at(-50)}, {"until", at(30)}},
                        {{"boot", "b"}, {"started", at(40)}, {"until", at(100)}}};
        json lost = event("disconnected", "connecting", 41);
        lost["boot"] = "b";
        const UptimeReport report = report_on(head, {lost});
        CHECK(report.up() == seconds(30));
        CHECK(report.down() == seconds(60));
        CHECK(report.unknown() == seconds(10));
        REQUIRE(report.longest().has_value());
        CHECK(report.longest()->from == start + seconds(40));
    }
}

}  // namespace exapulse::client
