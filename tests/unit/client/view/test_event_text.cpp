// SPDX-License-Identifier: BSD-3-Clause
// event_text(): every event as a person reads it.
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "client/view/event_text.hpp"
#include "common/protocol.hpp"
#include "tests/support/harness/utc.hpp"

namespace exapulse::client {

namespace {

using nlohmann::json;
using test::Utc;

}  // namespace

TEST_SUITE("client event text") {
    TEST_CASE_FIXTURE(Utc, "one line each") {
        struct Row {
            const char* event;
            const char* text;
        };
        const std::vector<Row> rows{
            {R"({"type":"connected","time":"2026-11-23T20:36:00.123456Z","uuid":"u1"})",
             "11-23 20:36:00 ✓ Connected to ExaBGP (UUID u1)"},
            {R"({"type":"connected"})", "✓ Connected to ExaBGP"},
            {R"({"type":"state","state":"up","since":"2026-11-23T20:36:00.000000Z","uuid":"u1"})",
             "✓ Up since 11-23 20:36:00 (UUID u1)"},
            {R"({"type":"state","state":"up"})", "✓ Up"},
            {R"({"type":"state","state":"degraded","missed":1,"of":3,"uuid":"u1"})",
             "⚠ Degraded: 1 of 3 pings missed (UUID u1)"},
            {R"({"type":"state","state":"down","since":"2026-11-23T20:36:00.000000Z",
                 "upstream":{"detail":"no socket"}})",
             "✗ Down since 11-23 20:36:00: no socket"},
            {R"({"type":"state","state":"down","upstream":null})", "✗ Down"},
            {R"({"type":"state","state":"connecting"})", "· Connecting to ExaBGP"},
            {R"({"type":"state","state":"dozing"})", "· State of ExaBGP: dozing"},
            {R"({"type":"disconnected","cause":"closed","detail":"ExaBGP closed"})",
             "✗ Disconnected (closed): ExaBGP closed"},
            {R"({"type":"disconnected"})", "✗ Disconnected"},
            {R"({"type":"reconnected","away_ms":912})",
             "✓ Reconnected to the same ExaBGP after 912ms, routes are kept"},
            {R"({"type":"degraded","missed":2,"of":3})", "⚠ Degraded: 2 of 3 pings missed"},
            {R"({"type":"failed","cause":"hung","last_pong":"2026-11-23T20:36:00.000000Z",
                 "detail":"silent"})",
             "✗ Failed (hung), last pong 11-23 20:36:00: silent"},
            {R"({"type":"failed","cause":"absent","last_pong":null})",
             "✗ Failed (absent), no pong yet"},
            {R"({"type":"recovered","away_ms":34211})", "✓ Recovered after 34s"},
            {R"({"type":"stopping"})", "✗ exapulsed is stopping"},
            {R"({"type":"lagged","dropped":12})",
             "⚠ Lagged: 12 events dropped, this end did not read"},
            {R"({"type":"lagged","dropped":"12"})",
             "⚠ Lagged: some events dropped, this end did not read"},
            {R"({"type":"contended","detail":"bash (pid 12) writes into /run/exabgp.in"})",
             "⚠ Contended: bash (pid 12) writes into /run/exabgp.in"},
            {R"({"type":"uncontended"})", "✓ No other program writes into ExaBGP's pipes any more"},
            {R"({"type":"novel","x":1})", R"(· {"type":"novel","x":1})"},
            {R"({"x":1})", R"(· {"x":1})"},
            {R"({"type":"disconnected","detail":"\u001b[31mred\n"})",
             "✗ Disconnected: \\x1b[31mred\\n"},
        };
        for (const Row& row : rows) CHECK(event_text(json::parse(row.event), {}) == row.text);
    }

    TEST_CASE_FIXTURE(Utc, "a restart is boxed, with both UUIDs and what it means") {
        const auto event = json::parse(
            R"({"type":"restarted","time":"2026-11-23T20:36:00.000000Z","previous":"old",
                "uuid":"new","away_ms":1042,"cause":"hung"})");
        CHECK(event_text(event, {.colour = false, .utf8 = false}) ==
              "11-23 20:36:00 ! Restarted: ExaBGP is a new process\n"
              "+-----------------------------------------------------+\n"
              "| WARNING: ExaBGP restarted                           |\n"
              "|                                                     |\n"
              "| Previous UUID  old                                  |\n"
              "| New UUID       new                                  |\n"
              "| Away           1.0s (it had stopped answering)      |\n"
              "|                                                     |\n"
              "| Every route announced through the API is forgotten: |\n"
              "| announce them again, unless they are kept.          |\n"
              "+-----------------------------------------------------+");
        CHECK(event_text(event, {}).find("│ Previous UUID  old ") != std::string::npos);
    }

    TEST_CASE_FIXTURE(Utc, "every cause of a restart has words of its own") {
        for (const std::string_view name : cause_names) {
            CAPTURE(name);
            json event{{"type", "restarted"}, {"away_ms", 5'000}, {"cause", name}};
            const std::string text = event_text(event, {});
            CHECK(text.find("Away           5.0s (") != std::string::npos);
            CHECK(text.find(fmt::format("({})", name)) == std::string::npos);
        }
        const json later{{"type", "restarted"}, {"away_ms", 5'000}, {"cause", "abducted"}};
        CHECK(event_text(later, {}).find("5.0s (abducted)") != std::string::npos);
    }

    TEST_CASE_FIXTURE(Utc, "a restart of which little is known") {
        const std::string text = event_text(json::parse(R"({"type":"restarted"})"), {});
        CHECK(text.find("Previous UUID  unknown") != std::string::npos);
        CHECK(text.find("Away           unknown ") != std::string::npos);
    }

    TEST_CASE_FIXTURE(Utc, "a restart that is not proven says so, and what to do all the same") {
        const std::string text =
            event_text(json::parse(R"({"type":"restarted","proven":false,"cause":"stopped"})"), {});
        CHECK(text.find("ExaBGP may have restarted: nothing proves") != std::string::npos);
        CHECK(text.find("WARNING: ExaBGP may have restarted") != std::string::npos);
        CHECK(text.find("Treat every route announced through the API as lost:") !=
              std::string::npos);
        CHECK(text.find("is a new process") == std::string::npos);
        CHECK(text.find("it announced its end") != std::string::npos);
    }

    TEST_CASE_FIXTURE(Utc, "colour frames the mark and nothing is left open") {
        const auto event = json::parse(R"({"type":"connected","uuid":"u"})");
        CHECK(event_text(event, {.colour = true, .utf8 = true}) ==
              "\033[32m✓\033[0m Connected to ExaBGP (UUID u)");
    }
}

}  // namespace exapulse::client
