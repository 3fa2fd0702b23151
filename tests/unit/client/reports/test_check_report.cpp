// SPDX-License-Identifier: BSD-3-Clause
// What `ready` and `check` make of a status.
#include <string>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "client/reports/check_report.hpp"
#include "client/reports/status_question.hpp"
#include "common/units.hpp"
#include "tests/support/harness/has.hpp"

namespace exapulse::client {

namespace {

using nlohmann::json;
using std::chrono::milliseconds;
using test::has;

const auto checked_at = *parse_time("2026-11-23T20:36:00.000000Z");

json status(const std::string& state) {
    return {{"state", state},
            {"since", "2026-11-23T20:35:00.000000Z"},
            {"latency_ms", 1.25},
            {"last_pong", "2026-11-23T20:35:57.000000Z"},
            {"clients", 4},
            {"missed", state == "up" ? 0 : 1},
            {"of", 3},
            {"upstream", {{"detail", state == "up" ? json(nullptr) : json("no | socket")}}}};
}

}  // namespace

TEST_SUITE("client check report") {
    TEST_CASE("ready") {
        CHECK(readiness_of(status("up")) == Readiness::Up);
        CHECK(readiness_of(status("degraded")) == Readiness::Degraded);
        CHECK(readiness_of(status("down")) == Readiness::Down);
        CHECK(readiness_of(status("connecting")) == Readiness::Down);
        CHECK(readiness_of(json::object()) == Readiness::Down);
    }

    TEST_CASE("commands that wait for an ExaBGP that is up: not ready, and why") {
        json waiting = status("up");
        waiting["ready"] = true;
        CHECK(readiness_of(waiting) == Readiness::Up);
        waiting["ready"] = false;
        waiting["upstream"]["detail"] = "out of step";
        CHECK(readiness_of(waiting) == Readiness::Degraded);
        CHECK(has(health_in_words(waiting, checked_at), ", commands wait, out of step"));
        CHECK(check_status(waiting, {}, checked_at).state == PluginState::Warning);
    }

    TEST_CASE("another program at the pipe: ready, but a warning that names it") {
        json contended = status("up");
        contended["contended"] = nullptr;
        CHECK(check_status(contended, {}, checked_at).state == PluginState::Ok);
        contended["contended"] = {{"since", "2026-11-23T20:35:30.000000Z"}, {"by", nullptr}};
        CHECK(readiness_of(contended) == Readiness::Up);
        CHECK(has(check_status(contended, {}, checked_at).line,
                  ", contended: another program writes into ExaBGP's pipe |"));
        contended["contended"]["by"] = "bash (pid 12)";
        const auto result = check_status(contended, {}, checked_at);
        CHECK(result.state == PluginState::Warning);
        CHECK(has(result.line, ", contended: bash (pid 12) writes into ExaBGP's pipe |"));
    }

    TEST_CASE("check: the line of a healthy ExaBGP, with its data") {
        const auto result = check_status(status("up"), {}, checked_at);
        CHECK(result.state == PluginState::Ok);
        CHECK(result.line.starts_with("EXABGP OK: up since "));
        CHECK(result.line.ends_with(
            "(1m 0s), the last pong took 1.25ms | latency=0.001250s;;;0 age=3.000s;;;0 "
            "clients=4;;;0 missed=0;0;2;0"));
    }

    TEST_CASE("check: thresholds are for a pong that is slow") {
        const CheckOptions limits{milliseconds(500), milliseconds(2'000)};
        json slow = status("up");
        CHECK(has(check_status(slow, limits, checked_at).line, "latency=0.001250s;0.5;2;0"));
        slow["latency_ms"] = 500.0;
        CHECK(check_status(slow, limits, checked_at).state == PluginState::Ok);
        slow["latency_ms"] = 501.0;
        const auto warning = check_status(slow, limits, checked_at);
        CHECK(warning.state == PluginState::Warning);
        CHECK(has(warning.line, "EXABGP WARNING: "));
        CHECK(has(warning.line, "over 0.5s (--warning)"));
        slow["latency_ms"] = 2001.0;
        CHECK(check_status(slow, limits, checked_at).state == PluginState::Critical);
        json slow_and_degraded = status("degraded");
        slow_and_degraded["latency_ms"] = 2001.0;
        CHECK(check_status(slow_and_degraded, limits, checked_at).state == PluginState::Critical);
    }

    TEST_CASE("check --peers: too few are a warning, none is critical, and those down are named") {
        const auto check = [](const WantedPeers& wanted, const json& peers) {
            CheckOptions options;
            options.peers = wanted;
            CHECK(needs_peers(status("up"), options));
            CHECK_FALSE(needs_peers(status("down"), options));
            return check_status(status("up"), options, checked_at, PeersSeen{peers});
        };
        const auto peer = [](const std::string& address, const std::string& state) {
            return json{{"address", address}, {"state", state}};
        };
        const json one_of_two{peer("192.0.2.1", "established"), peer("192.0.2.2", "active")};
        const auto all = check({}, one_of_two);
        CHECK(all.state == PluginState::Warning);
        CHECK(has(all.line, "EXABGP WARNING: up since "));
        CHECK(has(all.line, ", 1 of 2 peers established, not established: 192.0.2.2 (active) |"));
        CHECK(all.line.ends_with(" peers=1;2:;1:;0;2"));
        const auto enough = check({1}, one_of_two);
        CHECK(enough.state == PluginState::Ok);
        CHECK(enough.line.ends_with(" peers=1;1:;1:;0;2"));
        const auto too_few = check({3}, one_of_two);
        CHECK(too_few.state == PluginState::Warning);
        CHECK(has(too_few.line, "1 of 2 peers established where 3 should be (--peers)"));
        CHECK(check({}, json::array({one_of_two[0]})).state == PluginState::Ok);
        CHECK(check({}, json::array({one_of_two[1]})).state == PluginState::Critical);
        CHECK(check({}, json::array()).state == PluginState::Critical);
        json many = json::array();
        for (int i = 0; i < 12; ++i) many.push_back(peer("192.0.2." + std::to_string(i), "idle"));
        const auto named = check({}, many);
        CHECK(has(named.line, "192.0.2.9 (idle) and 2 more |"));
        CHECK_FALSE(has(named.line, "192.0.2.10"));

        INFO("what is not known is no finding, but hides none");
        CheckOptions options{{}, milliseconds(1), WantedPeers{}};
        const PeersSeen unknown{{}, "no answer"};
        CHECK(check_status(status("up"), options, checked_at, unknown).state ==
              PluginState::Critical);
        options.critical.reset();
        const auto silent = check_status(status("up"), options, checked_at, unknown);
        CHECK(silent.state == PluginState::Unknown);
        CHECK(has(silent.line, ", its peers are not known: no answer |"));
    }

    TEST_CASE("a status is undecided right after the start, until anything happens") {
        json fresh = status("connecting");
        fresh["started"] = "2026-11-23T20:35:59.500000Z";
        fresh["seq"] = 0;
        CHECK(is_undecided(fresh, checked_at));
        CHECK_FALSE(is_undecided(fresh, checked_at + milliseconds(5'000)));
        CHECK_FALSE(is_undecided(fresh, checked_at - milliseconds(5'000)));
        CHECK_FALSE(is_undecided(status("connecting"), checked_at));
        json tried = fresh;
        tried["seq"] = 1;
        CHECK_FALSE(is_undecided(tried, checked_at));
        fresh["state"] = "up";
        CHECK_FALSE(is_undecided(fresh, checked_at));
    }

    TEST_CASE("check: every state") {
        const auto degraded = check_status(status("degraded"), {}, checked_at);
        CHECK(degraded.state == PluginState::Warning);
        CHECK(has(degraded.line, "1 of 3 pings missed"));
        const auto down = check_status(status("down"), {}, checked_at);
        CHECK(down.state == PluginState::Critical);
        CHECK_MESSAGE(has(down.line, "no / socket"), "a bar would begin the data");
        CHECK(check_status(status("connecting"), {}, checked_at).state == PluginState::Warning);
        CHECK(check_status(json::object(), {}, checked_at).state == PluginState::Unknown);
        CHECK(check_failed(PluginState::Critical, "gone | away").line ==
              "EXABGP CRITICAL: gone / away");
    }
}

}  // namespace exapulse::client
