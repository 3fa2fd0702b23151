// SPDX-License-Identifier: BSD-3-Clause
// status_text(): the screen for an ExaBGP that is up, away, or hardly known.
#include <cstdlib>
#include <ctime>
#include <string>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "client/reports/status_text.hpp"
#include "common/units.hpp"
#include "tests/support/harness/utc.hpp"

namespace exapulse::client {

namespace {

using test::Utc;

std::string screen(const char* status) {
    const auto now = parse_time("2026-11-23T21:36:00.000000Z");
    REQUIRE(now.has_value());
    return status_text(nlohmann::json::parse(status), {}, *now);
}

}  // namespace

TEST_SUITE("client status text") {
    TEST_CASE_FIXTURE(Utc, "up") {
        CHECK(screen(R"({"state":"up","since":"2026-11-23T20:36:00.000000Z","uuid":"u1",
                         "version":"6.0.0","dialect":"v6",
                         "upstream":{"socket":"/run/exabgp/exabgp.sock",
                                     "found_by":"standard folder","searched":[],"detail":null},
                         "missed":0,"of":3,"last_pong":"2026-11-23T21:35:58.000000Z",
                         "latency_ms":0.41,"interval_ms":10000,"clients":3,"subscribers":1,
                         "queue":{"waiting":2,"in_flight":1},"seq":7,"boot":"b",
                         "history":{"store":"file","detail":null,"waiting":0,"bytes":1572864,
                                    "since":"2026-11-22T21:36:00.000000Z","events":120},
                         "exapulsed":"0.1.0","pid":123,
                         "started":"2026-11-23T19:36:00.000000Z"})") ==
              "ExaBGP     ✓ up since 11-23 20:36:00 (1h 0m)\n"
              "UUID       u1\n"
              "Version    6.0.0, API dialect v6\n"
              "Last pong  11-23 21:35:58 (2.0s ago), took 0.41ms\n"
              "Pings      0 of 3 missed, one every 10s\n"
              "Upstream   /run/exabgp/exabgp.sock (standard folder)\n"
              "Clients    3, 1 of them subscribed to events\n"
              "Queue      2 waiting, 1 in flight\n"
              "History    kept since 11-22 21:36:00 (1d 0h), 120 events, 1.5 MiB\n"
              "exapulsed  0.1.0, pid 123, since 11-23 19:36:00 (2h 0m)");
    }

    TEST_CASE_FIXTURE(
        Utc, "down without a socket: why, since when, where it was looked for, what to do") {
        CHECK(screen(R"({"state":"down","since":"2026-11-23T21:31:00.000000Z","uuid":null,
                         "version":null,"dialect":null,
                         "upstream":{"socket":null,"found_by":null,"searched":["/a","/b"],
                                     "detail":"no socket"},
                         "missed":3,"of":3,"last_pong":null,"latency_ms":null,
                         "away_since":"2026-11-23T21:30:00.000000Z"})") ==
              "ExaBGP     ✗ down since 11-23 21:31:00 (5m 0s)\n"
              "No answer  since 11-23 21:30:00 (6m 0s)\n"
              "Why        no socket\n"
              "UUID       none seen yet\n"
              "Last pong  none yet\n"
              "Pings      3 of 3 missed\n"
              "Upstream   no socket and no pipes found\n"
              "Looked for /a\n"
              "           /b\n"
              "exapulsed  unknown version\n"
              "\n"
              "Next       is ExaBGP running, and what does it say?  systemctl status exabgp\n"
              "           elsewhere?  upstream.socket or upstream.fifo in "
              "/etc/exapulse/exapulse.toml\n"
              "           what exapulsed tried:  journalctl -u 'exapulsed*'");
    }

    TEST_CASE_FIXTURE(Utc, "another program at the pipes is named, and what to do") {
        CHECK(screen(R"({"state":"up","contended":{"since":"2026-11-23T21:31:00.000000Z",
                         "last":"2026-11-23T21:35:59.000000Z","by":"bash, pid 12"}})")
                  .find("Contended  bash, pid 12 writes into ExaBGP's pipe, since 11-23 21:31:00 "
                        "(5m 0s)\n           commands whose answer is not certain end "
                        "outcome-unknown; let it use exapulse run instead\n") != std::string::npos);
        CHECK(screen(R"({"state":"up","contended":null})").find("Contended") == std::string::npos);
    }

    TEST_CASE_FIXTURE(Utc, "fields that are missing or of another type are no trouble") {
        CHECK(screen("{}").starts_with("ExaBGP     · unknown\n"));
        CHECK(screen(R"({"state":5,"since":"yesterday","upstream":[],"queue":1,"clients":"x",
                         "latency_ms":"x","missed":null,"of":{}})")
                  .starts_with("ExaBGP     · unknown\n"));
    }

    TEST_CASE_FIXTURE(Utc, "pings missed after the failure") {
        CHECK(screen(R"({"missed":6,"of":3,"interval_ms":500})")
                  .find("Pings      6 missed, one every 500ms\n") != std::string::npos);
    }

    TEST_CASE_FIXTURE(Utc, "a clock that went back gives no negative age") {
        CHECK(screen(R"({"state":"up","since":"2026-11-23T22:00:00.000000Z"})")
                  .starts_with("ExaBGP     ✓ up since 11-23 22:00:00 (0ms)\n"));
    }

    TEST_CASE("a history that is not kept says why") {
        CHECK(
            screen(R"({"state":"up","history":{"store":"off"}})")
                .find("History    not kept across restarts of exapulsed (history.store = false)") !=
            std::string::npos);
        CHECK(screen(R"({"state":"up","history":{"store":"memory","waiting":3,
                         "detail":"/h.db: disk is full"}})")
                  .find("History    3 events in memory only, /h.db: disk is full") !=
              std::string::npos);
    }
}

}  // namespace exapulse::client
