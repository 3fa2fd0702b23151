// SPDX-License-Identifier: BSD-3-Clause
// The tables of clients and peers.
#include <string>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "client/reports/access_text.hpp"
#include "client/reports/clients_text.hpp"
#include "client/reports/peers_text.hpp"
#include "client/reports/recorder_text.hpp"
#include "client/view/event_text.hpp"
#include "client/view/peers_count.hpp"
#include "common/units.hpp"
#include "tests/support/harness/has.hpp"

namespace exapulse::client {

namespace {

using nlohmann::json;
using test::has;

const auto shown_at = *parse_time("2026-11-23T20:36:00.000000Z");

json peer(const std::string& address, const std::string& state) {
    return {{"address", address}, {"as", 65002},   {"state", state},     {"since", nullptr},
            {"sent", 12},         {"received", 3}, {"prefixes", nullptr}};
}

}  // namespace

TEST_SUITE("client tables") {
    TEST_CASE("peers, and how many are established") {
        const std::string text =
            peers_text(json::array({peer("192.0.2.1", "established"), peer("2001:db8::1", "idle")}),
                       {}, shown_at);
        CHECK(text ==
              "Peer            AS  State        Since  Sent  Received  Prefixes\n"
              "192.0.2.1    65002  established  -        12         3  -\n"
              "2001:db8::1  65002  idle         -        12         3  -\n"
              "1 of 2 peers established");
        CHECK(has(peers_text(json::array(), {}, shown_at), "no peers"));
        CHECK(peers_count(json::array({peer("a", "idle")})) == "0 of 1 peer established");
    }

    TEST_CASE("what a peer says can't steer the terminal, and what is missing is told") {
        const std::string text =
            peers_text(json::array({json{{"address", "1\033[2J"}}, json{}}), {}, shown_at);
        CHECK_FALSE(has(text, "\033"));
        CHECK(has(text, "?"));
    }

    TEST_CASE("access: the role, the rules and the verbs, folded") {
        json access{{"uid", 1000},
                    {"user", "alice"},
                    {"role", "operate"},
                    {"source", "access.rule: team-a"},
                    {"limited", true},
                    {"rules", json::array({{{"name", "team-a\033[2J"},
                                            {"role", "operate"},
                                            {"allow", json::array()},
                                            {"deny", json::array({"flush"})},
                                            {"prefixes", json::array({"203.0.113.0/24"})},
                                            {"peers", json::array({"192.0.2.1", "192.0.2.2"})}},
                                           7})},
                    {"verbs", json::array()}};
        for (int i = 0; i < 30; ++i) access["verbs"].push_back("verb " + std::to_string(i));
        const std::string text = access_text(access);
        CHECK(text.starts_with(
            "User     alice (uid 1000)\nRole     operate, by access.rule: team-a: "));
        CHECK(has(text,
                  ": operate; prefixes 203.0.113.0/24; peers 192.0.2.1, 192.0.2.2; but not "
                  "flush\n"));
        CHECK(has(text, "\nVerbs    verb 0, verb 1, "));
        CHECK(has(text, ",\n         verb "));
        CHECK_FALSE(has(text, "\033"));
        CHECK(
            access_text(json{{"role", 5}}).starts_with("User     ? (uid -)\nRole     ?: nothing"));
    }

    TEST_CASE("clients") {
        const json clients = json::array({{{"id", 7},
                                           {"pid", 4242},
                                           {"uid", 1000},
                                           {"user", "alice"},
                                           {"process", "exapulse"},
                                           {"since", "2026-11-23T20:35:00.000000Z"},
                                           {"commands", 3},
                                           {"pending", 1},
                                           {"subscribed", true},
                                           {"backlog", 0},
                                           {"dropped", 5}},
                                          {{"id", 8}, {"uid", 1001}, {"user", nullptr}},
                                          17});
        const std::string text = clients_text(clients, {}, shown_at);
        CHECK(has(text, "exapulse (4242)"));
        CHECK(has(text, "? (another PID namespace)"));
        CHECK(has(text, "alice"));
        CHECK(has(text, "(1m 0s)"));
        CHECK(has(text, "yes, 5 lost"));
        CHECK(has(text, "1001"));
        CHECK(has(text, "3 clients, this one included"));
    }

    TEST_CASE("events about peers in words") {
        const Style plain;
        CHECK(event_text({{"type", "peer-up"}, {"peer", peer("192.0.2.1", "established")}},
                         plain) == "✓ Peer 192.0.2.1 (AS 65002) is up");
        CHECK(event_text({{"type", "peer-down"}, {"peer", peer("192.0.2.1", "idle")}}, plain) ==
              "✗ Peer 192.0.2.1 (AS 65002) is down: idle");
        CHECK(event_text({{"type", "peers"}, {"peers", json::array({peer("a", "idle")})}}, plain) ==
              "· 0 of 1 peer established");
    }

    TEST_CASE("records of the flight recorder, with the time to the microsecond") {
        json record{{"time", "2026-11-23T20:36:00.000042Z"},
                    {"kind", "sent"},
                    {"session", 3},
                    {"command", 17},
                    {"text", "announce\x1b"},
                    {"cut", true},
                    {"bytes", 900}};
        const std::string sent = recorder_text(record, {});
        CHECK(sent.ends_with(":00.000042 > 3/17 announce\\x1b... (900 bytes)"));
        record["kind"] = "received";
        record["session"] = nullptr;
        record["cut"] = false;
        CHECK(recorder_text(record, {}).ends_with(" < -/17 announce\\x1b"));
        record["kind"] = "state";
        record["command"] = nullptr;
        CHECK(recorder_text(record, {}).ends_with(" * announce\\x1b"));
        CHECK(recorder_text({{"kind", "lost"}, {"records", 9}}, {}) ==
              "- * 9 records were overwritten before they could be sent");
        CHECK(recorder_text(json::array(), {}) == "- * ");
    }
}

}  // namespace exapulse::client
