// SPDX-License-Identifier: BSD-3-Clause
// Peers: what ExaBGP's versions say about them, what changes, and the guard for selectors.
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "daemon/exabgp/peer_answer.hpp"
#include "daemon/peers/peer_table.hpp"
#include "tests/unit/daemon/upstream/dialogue_stage.hpp"

namespace exapulse::test {

namespace {

using std::chrono::seconds;

const WallTime noon{std::chrono::hours(12)};
const Moment now{TimePoint(seconds(1)), noon};

std::vector<Peer> read(PeerAnswer form, std::string_view answer) {
    const auto peers = read_peers(form, answer, noon);
    REQUIRE(peers.has_value());
    return *peers;
}

std::string name(std::string_view address, int as) {
    return fmt::format(
        "neighbor {} local-ip 10.0.0.1 local-as 65001 peer-as {} router-id 10.0.0.9 "
        "family-allowed in-open",
        address, as);
}

/// The line of `daemon status` with these peers and states.
std::string status(const std::vector<std::pair<std::string, std::string>>& peers) {
    nlohmann::json states = nlohmann::json::object();
    for (const auto& [peer, state] : peers) states[peer] = state;
    return nlohmann::json{{"version", "6.0.0"}, {"peers", states}}.dump();
}

const std::string two_idle =
    status({{name("10.0.0.2", 65002), "IDLE"}, {name("10.0.0.3", 65003), "IDLE"}});

constexpr PeerQuestion asks_status{"daemon status", PeerAnswer::Status, IfAbsent::Removed,
                                   PeerDetail::Existence};
constexpr PeerQuestion asks_summary_42{"show neighbor summary", PeerAnswer::Summary, IfAbsent::Down,
                                       PeerDetail::Existence};
constexpr PeerQuestion asks_configuration{"show neighbor configuration", PeerAnswer::Configuration,
                                          IfAbsent::Removed, PeerDetail::Full};
constexpr PeerQuestion asks_detail{"peer show summary", PeerAnswer::Detail, IfAbsent::Unknown,
                                   PeerDetail::Sessions};

/// The answer came `after` its question, at noon and `at`.
Lines events_of(PeerTable& table, const PeerQuestion& question, std::string_view answer,
                Milliseconds at = {}, Milliseconds after = {}) {
    const TimePoint then = TimePoint(seconds(1000)) + at;
    table.on_line(answer);
    REQUIRE(table.on_answer(question, true, then - after, {then, noon + at}));
    Lines events;
    for (const Event& event : table.take_changes())
        events.push_back(
            event.peer ? fmt::format("{} {}: {} -> {}", name_of(event.type), event.peer->address,
                                     *event.previous_state, event.peer->state)
                       : fmt::format("{} {}", name_of(event.type), event.peers->size()));
    return events;
}

constexpr std::string_view head_42 =
    "Peer            AS        up/down state       |     #sent     #recvd\n";

}  // namespace

TEST_SUITE("peers") {
    TEST_CASE("daemon status of 6.0") {
        const auto peers = read(PeerAnswer::Status, two_idle);
        REQUIRE(peers.size() == 2);
        CHECK(peers[0].address == "10.0.0.2");
        CHECK(peers[0].as == 65002U);
        CHECK(peers[0].local_as == 65001U);
        CHECK(peers[0].local_address == "10.0.0.1");
        CHECK(peers[0].state == "idle");
        CHECK_FALSE(peers[0].since.has_value());
        const auto automatic = read(
            PeerAnswer::Status,
            status(
                {{"neighbor ::1 local-ip auto local-as auto peer-as auto router-id None", "X"}}));
        CHECK_FALSE(automatic.at(0).as.has_value());
        CHECK(automatic.at(0).local_address.empty());
        CHECK(read(PeerAnswer::Status, status({})).empty());
    }

    TEST_CASE("the summary of 4.2 and 5.0, and of 6.0 with its prefixes") {
        const auto peers =
            read(PeerAnswer::Summary,
                 std::string(head_42) +
                     "10.0.0.2        65002     0:01:30 established           2          7\n"
                     "10.0.0.3        65003 1 day, 0:00:05 established           0          0\n"
                     "10.0.0.4        65004        down idle                  0          0\n");
        REQUIRE(peers.size() == 3);
        CHECK(peers[0].established());
        CHECK(peers[0].since == noon - seconds(90));
        CHECK(peers[0].sent == 2U);
        CHECK(peers[0].received == 7U);
        CHECK_FALSE(peers[0].prefixes.has_value());
        CHECK(peers[1].since == noon - seconds(86'405));
        CHECK(peers[2].state == "idle");
        CHECK_FALSE(peers[2].since.has_value());
        const auto with_prefixes = read(
            PeerAnswer::Summary,
            "Peer            AS        up/down state       |     #sent     #recvd    #pfx_in\n"
            "::2             65002     0:00:00 established           2          7         11\n");
        CHECK(with_prefixes.at(0).prefixes == 11U);
        CHECK(read(PeerAnswer::Summary, head_42).empty());
    }

    TEST_CASE("the detail of 6.0: a peer that is not connected has none") {
        const auto peers = read(
            PeerAnswer::Detail,
            R"([{"state": "up", "duration": 5, "fsm": "ESTABLISHED", "peer": {"address": "10.0.0.2"},)"
            R"( "messages": {"sent": {"update": 3}, "received": {"update": 4}},)"
            R"( "prefixes": {"received": 5}}, {"peer-address": "10.0.0.3"}])");
        REQUIRE(peers.size() == 1);
        CHECK(peers[0].state == "established");
        CHECK(peers[0].since == noon - seconds(5));
        CHECK(peers[0].sent == 3U);
        CHECK(peers[0].received == 4U);
        CHECK(peers[0].prefixes == 5U);
        const auto odd = read(
            PeerAnswer::Detail,
            R"([{"state": null, "fsm": 7, "peer": {"address": "10.0.0.2"}, "messages": null},)"
            R"( {"state": 1, "fsm": "IDLE", "peer": {"address": "10.0.0.3"}, "prefixes": [],)"
            R"( "messages": {"sent": 1, "received": {"update": "x"}}},)"
            R"( {"fsm": "IDLE", "peer": null}, {"state": "up", "duration": 18446744073709551615,)"
            R"( "fsm": "ESTABLISHED", "peer": {"address": "10.0.0.4"}}])");
        REQUIRE(odd.size() == 2);
        CHECK(odd[0].address == "10.0.0.3");
        CHECK_FALSE(odd[0].sent.has_value());
        CHECK_FALSE(odd[1].since.has_value());
        const auto rows = read(PeerAnswer::Summary,
                               std::string(head_42) +
                                   "10.0.0.2 65002 2147483647 days, 0:00:01 established 2 7\n"
                                   "10.0.0.3 65003 1:1:1:1:1:1:1:1:1:1:1:1 established 2 7\n"
                                   "10.0.0.4 65004 -9:1:1:1:1:1:1:1:1:1:1:1 established 2 7\n");
        REQUIRE(rows.size() == 3);
        for (const Peer& row : rows) CHECK_FALSE(row.since.has_value());
    }

    TEST_CASE("what is not an answer about peers") {
        CHECK_FALSE(read_peers(PeerAnswer::Status, "", noon).has_value());
        CHECK_FALSE(read_peers(PeerAnswer::Status, R"({"peers": []})", noon).has_value());
        CHECK_FALSE(
            read_peers(PeerAnswer::Status, R"({"peers": {"x": "IDLE"}})", noon).has_value());
        CHECK_FALSE(read_peers(PeerAnswer::Status, R"({"peers": {"x": 1}})", noon).has_value());
        CHECK_FALSE(read_peers(PeerAnswer::Detail, "{}", noon).has_value());
        CHECK_FALSE(read_peers(PeerAnswer::Detail, "[1]", noon).has_value());
        CHECK_FALSE(read_peers(PeerAnswer::Summary, "10.0.0.2 65002", noon).has_value());
        CHECK_FALSE(read_peers(PeerAnswer::Summary, std::string(head_42) + "10.0.0.2 1\n", noon)
                        .has_value());
    }

    TEST_CASE("changes are relative to the previous snapshot, also across a lost connection") {
        PeerTable table;
        const std::string a = name("10.0.0.2", 65002), b = name("10.0.0.3", 65003);
        CHECK(events_of(table, asks_status, status({{a, "IDLE"}, {b, "ESTABLISHED"}})) ==
              Lines{"peers 2"});
        CHECK(events_of(table, asks_status, status({{a, "IDLE"}, {b, "ESTABLISHED"}})).empty());
        CHECK(events_of(table, asks_status, status({{a, "ACTIVE"}, {b, "ESTABLISHED"}})) ==
              Lines{"peers 2"});
        CHECK(events_of(table, asks_status, status({{a, "ESTABLISHED"}, {b, "IDLE"}})) ==
              Lines{"peer-up 10.0.0.2: active -> established",
                    "peer-down 10.0.0.3: established -> idle"});
        CHECK(table.peers()[0].since == noon);
        table.on_disconnect();
        CHECK_FALSE(table.known());
        CHECK(table.peers().empty());
        CHECK(events_of(table, asks_status, status({{a, "CONNECT"}, {b, "IDLE"}})) ==
              Lines{"peers 2", "peer-down 10.0.0.2: established -> connect"});
        CHECK(events_of(table, asks_status, status({{b, "ESTABLISHED"}})) ==
              Lines{"peers 1", "peer-up 10.0.0.3: idle -> established"});
        CHECK(events_of(table, asks_status, status({})) ==
              Lines{"peers 0", "peer-down 10.0.0.3: established -> gone"});
    }

    TEST_CASE("4.2 omits peers that are down from its summary") {
        PeerTable table;
        const std::string up =
            std::string(head_42) +
            "10.0.0.2        65002     0:01:30 established           2          7";
        table.on_line(up);
        REQUIRE(table.on_answer(asks_summary_42, true, now.steady, now));
        CHECK(events_of(table, asks_configuration,
                        "neighbor 10.0.0.2 {\n\tlocal-as 65001;\n\tpeer-as 65002;\n}\n"
                        "neighbor 10.0.0.3 {\n\tlocal-address 10.0.0.1;\n\tpeer-as 65003;\n}\n") ==
              Lines{"peers 2"});
        CHECK(table.peers()[0].established());
        CHECK(table.peers()[0].local_as == 65001U);
        CHECK(table.peers()[1].state == "down");
        CHECK(table.peers()[1].local_address == "10.0.0.1");
        CHECK(events_of(table, asks_summary_42, head_42) ==
              Lines{"peer-down 10.0.0.2: established -> down"});
    }

    TEST_CASE("4.2 lists peers from a range only while they have a session") {
        constexpr std::string_view range = "neighbor 10.0.1.0/24 {\n\tpeer-as 65002;\n}\n";
        const auto up = std::string(head_42) + "10.0.1.7 65002 0:01:30 established 2 7";
        PeerTable table;
        table.on_line(up);
        REQUIRE(table.on_answer(asks_summary_42, true, now.steady, now));
        CHECK(events_of(table, asks_configuration, range) == Lines{"peers 2"});
        CHECK(table.peers()[0].address == "10.0.1.0/24");
        CHECK(table.peers()[1].address == "10.0.1.7");
        table.on_line(head_42);
        REQUIRE(table.on_answer(asks_summary_42, true, now.steady, now));
        CHECK(events_of(table, asks_configuration, range) ==
              Lines{"peers 1", "peer-down 10.0.1.7: established -> gone"});
    }

    TEST_CASE("the configuration of 4.2 and 5.0 yields the names that 6.0 has for peers") {
        const auto peers =
            read(PeerAnswer::Configuration,
                 "neighbor 10.0.0.2 {\n  description \"\";\n  router-id 10.0.0.9;\n"
                 "  local-address 10.0.0.1;\n  local-as 65001;\n  peer-as 65002;\n"
                 "  capability {\n    multi-session disable;\n  }\n}\n"
                 "neighbor 10.0.1.0/24 {\n  router-id None;\n  local-address auto;\n"
                 "  peer-as 65003;\n  capability {\n    multi-session enable;\n  }\n}\n");
        REQUIRE(peers.size() == 2);
        CHECK(peers[0].name ==
              "neighbor 10.0.0.2 router-id 10.0.0.9 local-ip 10.0.0.1 local-as 65001 "
              "peer-as 65002 family-allowed in-open");
        CHECK(peers[1].name == "neighbor 10.0.1.0/24 peer-as 65003");
    }

    TEST_CASE("4.2 restarted: established peers are down until the summary has them again") {
        PeerTable table;
        constexpr std::string_view configured = "neighbor 10.0.0.2 {\n\tpeer-as 65002;\n}\n";
        const std::string up =
            std::string(head_42) +
            "10.0.0.2        65002     0:01:30 established           2          7";
        table.on_line(up);
        REQUIRE(table.on_answer(asks_summary_42, true, now.steady, now));
        CHECK_MESSAGE(!table.known(), "half a picture");
        CHECK(events_of(table, asks_configuration, configured) == Lines{"peers 1"});
        CHECK(table.known());
        table.on_disconnect();
        table.on_line(head_42);
        REQUIRE(table.on_answer(asks_summary_42, true, now.steady, now));
        CHECK(events_of(table, asks_configuration, configured) ==
              Lines{"peers 1", "peer-down 10.0.0.2: established -> down"});
    }

    TEST_CASE("an invalidated snapshot is sent again, and changes are reported") {
        PeerTable table;
        const std::string a = name("10.0.0.2", 65002);
        CHECK(events_of(table, asks_status, status({{a, "ESTABLISHED"}})) == Lines{"peers 1"});
        table.invalidate();
        CHECK_FALSE(table.known());
        CHECK(events_of(table, asks_status, status({{a, "ESTABLISHED"}})) == Lines{"peers 1"});
        table.invalidate();
        CHECK(events_of(table, asks_status, status({{a, "IDLE"}})) ==
              Lines{"peers 1", "peer-down 10.0.0.2: established -> idle"});
        table.reset_baseline();
        CHECK_FALSE(table.known());
        CHECK_MESSAGE(
            events_of(table, asks_status, status({{a, "ESTABLISHED"}})) == Lines{"peers 1"},
            "nobody can say when");
    }

    TEST_CASE("a session that went down and up between two snapshots is detected by its age") {
        PeerTable table;
        const auto up_42 = [](std::string_view age) {
            return std::string(head_42) + "10.0.0.2 65002 " + std::string(age) + " established 2 7";
        };
        const Lines bounce{"peer-down 10.0.0.2: established -> down",
                           "peer-up 10.0.0.2: down -> established"};
        CHECK(events_of(table, asks_summary_42, up_42("0:01:00")) == Lines{"peers 1"});
        CHECK(events_of(table, asks_summary_42, up_42("0:01:04"), seconds(5)).empty());
        CHECK(table.peers()[0].since == noon - seconds(60));  // not a second later
        CHECK(events_of(table, asks_summary_42, up_42("0:00:02"), seconds(10)) == bounce);
        CHECK(table.peers()[0].since == noon + seconds(8));
        CHECK(events_of(table, asks_summary_42, up_42("0:00:07"), seconds(15)).empty());

        INFO("an answer that was long on its way is no bounce");
        CHECK(
            events_of(table, asks_summary_42, up_42("0:00:12"), seconds(30), seconds(10)).empty());
        INFO("nor is a clock of ExaBGP's that was set back");
        CHECK(events_of(table, asks_summary_42, up_42("1:00:00"), seconds(35)).empty());
        CHECK(events_of(table, asks_summary_42, up_42("0:50:00"), seconds(40)).empty());
        INFO("that it had just come is no reason to miss that it came once more");
        CHECK(events_of(table, asks_summary_42, up_42("0:00:01"), seconds(45)) == bounce);
        CHECK(events_of(table, asks_summary_42, up_42("0:00:02"), seconds(50)) == bounce);
        INFO("in its first second ExaBGP has no age for it");
        CHECK(events_of(table, asks_summary_42, up_42("down"), seconds(55)).empty());
        CHECK(events_of(table, asks_summary_42, up_42("0:00:05"), seconds(60)) == bounce);
    }

    TEST_CASE("6.0 has the age of a session in its detail") {
        PeerTable table;
        const std::string up = status({{name("10.0.0.2", 65002), "ESTABLISHED"}});
        const auto detail = [](int age) {
            return fmt::format(R"([{{"state": "up", "duration": {}, "fsm": "ESTABLISHED", )"
                               R"("peer": {{"address": "10.0.0.2"}}}}])",
                               age);
        };
        CHECK(events_of(table, asks_status, up) == Lines{"peers 1"});
        CHECK(events_of(table, asks_detail, detail(100)).empty());
        CHECK(events_of(table, asks_status, up, seconds(5)).empty());
        CHECK(events_of(table, asks_detail, detail(105), seconds(5)).empty());
        CHECK(events_of(table, asks_status, up, seconds(10)).empty());
        CHECK(events_of(table, asks_detail, detail(1), seconds(10)) ==
              Lines{"peer-down 10.0.0.2: established -> down",
                    "peer-up 10.0.0.2: down -> established"});
    }

    TEST_CASE("the time at which a peer went down is unknown if nobody polled") {
        PeerTable table;
        const std::string a = name("10.0.0.2", 65002);
        CHECK(events_of(table, asks_status, status({{a, "ESTABLISHED"}})) == Lines{"peers 1"});
        table.invalidate();
        CHECK(events_of(table, asks_status, status({{a, "IDLE"}})) ==
              Lines{"peers 1", "peer-down 10.0.0.2: established -> idle"});
        CHECK_FALSE(table.peers()[0].since.has_value());
        CHECK(events_of(table, asks_status, status({{a, "CONNECT"}})) == Lines{"peers 1"});
        CHECK(table.peers()[0].since == noon);
    }

    TEST_CASE("a lost answer does not affect the next one") {
        PeerTable table;
        table.on_line(std::string(PeerTable::longest_answer + 1, 'x'));
        table.on_answer_lost();
        CHECK(events_of(table, asks_status, two_idle) == Lines{"peers 2"});
    }

    TEST_CASE("a command for a peer waits until it is known that the peer exists") {
        DialogueStage stage;
        stage.get_ready();
        stage.ask(1, 11, "peer 10.0.0.2 announce route 1.0.0.0/8 next-hop self");
        stage.ask(1, 12, "peer 10.0.0.3 announce route 1.0.0.0/8 next-hop self");
        CHECK(stage.writes() == Lines{"daemon status"});
        stage.say({two_idle, "done"});
        CHECK(stage.writes() == Lines{"peer 10.0.0.2 announce route 1.0.0.0/8 next-hop self"});
        stage.say({"done"});
        CHECK(stage.writes() == Lines{"peer 10.0.0.3 announce route 1.0.0.0/8 next-hop self"});
        stage.say({"done"});
        CHECK(stage.news() == Lines{"11: DONE", "12: DONE"});

        INFO("what is trusted for a while is asked again after it");
        stage.pass(PeerWatch::trusted + Milliseconds(1));
        stage.ask(1, 13, "peer 10.0.0.2 teardown 6");
        CHECK(stage.writes() == Lines{"daemon status"});
    }

    TEST_CASE("a selector without a match is refused only after ExaBGP was queried again") {
        DialogueStage stage;
        stage.get_ready();
        stage.ask(1, 11, "peer 10.0.0.2 announce route 1.0.0.0/8 next-hop self");
        stage.say({two_idle, "done"});
        stage.say({"done"});
        stage.pass(seconds(1));
        stage.news();
        stage.writes();
        stage.ask(1, 12, "peer 10.0.0.4 announce route 1.0.0.0/8 next-hop self");
        stage.ask(1, 13, "peer list");
        CHECK(stage.writes() == Lines{"daemon status"});
        stage.say({two_idle, "done"});
        CHECK(stage.news() == Lines{"12: denied"});
        CHECK(stage.reason.find("it has 10.0.0.2, 10.0.0.3") != std::string::npos);
        CHECK(stage.writes() == Lines{"peer list"});
        stage.say({"[]", "done"});

        INFO("a peer that came meanwhile is found");
        stage.pass(seconds(1));
        stage.ask(1, 14, "peer 10.0.0.4 announce route 1.0.0.0/8 next-hop self");
        stage.say({status({{name("10.0.0.4", 65004), "IDLE"}}), "done"});
        CHECK(stage.writes() ==
              Lines{"daemon status", "peer 10.0.0.4 announce route 1.0.0.0/8 next-hop self"});
    }

    TEST_CASE("after a command that deletes a peer the next one queries ExaBGP") {
        DialogueStage stage;
        stage.get_ready();
        stage.ask(1, 11, "peer 10.0.0.2 announce route 1.0.0.0/8 next-hop self");
        stage.say({two_idle, "done"});
        stage.say({"done"});
        stage.ask(1, 12, "peer delete 10.0.0.2");
        stage.say({"done"});
        stage.writes();
        stage.ask(1, 13, "peer 10.0.0.2 announce route 1.0.0.0/8 next-hop self");
        CHECK(stage.writes() == Lines{"daemon status"});
    }

    TEST_CASE("an ExaBGP that does not list its peers gets no command for one") {
        DialogueStage stage;
        stage.get_ready();
        stage.ask(1, 11, "peer 10.0.0.2 announce route 1.0.0.0/8 next-hop self");
        stage.say({"error"});
        CHECK(stage.news() == Lines{"peers unknown", "11: denied"});
        CHECK(stage.reason.find("cannot list ExaBGP's peers") != std::string::npos);
        CHECK(stage.writes() == Lines{"daemon status"});
    }

    TEST_CASE("the connection is lost between the question and the command") {
        DialogueStage stage;
        stage.get_ready();
        stage.ask(1, 11, "peer 10.0.0.2 announce route 1.0.0.0/8 next-hop self");
        stage.close();
        CHECK(stage.news() == Lines{"0: outcome-unknown"});
        stage.pass(seconds(6));
        CHECK(stage.news() == Lines{"11: not-sent"});
    }

    TEST_CASE("a question that outlives its connection starts a new snapshot") {
        DialogueStage stage;
        stage.get_ready();
        stage.ask_for_peers(7, 11);
        stage.say({two_idle, "done"});
        CHECK(stage.writes() == Lines{"daemon status", "peer show summary"});
        stage.close();
        CHECK(stage.news() == Lines{"11: outcome-unknown"});
        stage.queue.push(stage.question_of(7, 12));
        auto second_half = *stage.queue.pop(stage.clock.steady());
        second_half.peers->question = 1;
        stage.get_ready();
        stage.queue.push(second_half);
        stage.dialogue.pump(stage.clock.steady());
        CHECK(stage.writes() == Lines{"daemon status"});
        stage.say({two_idle, "done"});
        CHECK(stage.writes() == Lines{"peer show summary"});
    }

    TEST_CASE("a hang during exapulsed's own question is reported by the second ping") {
        DialogueStage stage;
        stage.get_ready();
        stage.ask_when_due();
        stage.dialogue.pump(stage.clock.steady());
        stage.ask(1, 11, "peer list");
        stage.ping();
        CHECK(stage.dialogue.ready());
        stage.ping();
        CHECK_FALSE(stage.dialogue.ready());
        CHECK(stage.news() == Lines{"0: outcome-unknown"});
        stage.pass(seconds(6));
        CHECK(stage.news() == Lines{"11: not-sent"});
        CHECK(stage.writes().front() == "daemon status");
        CHECK_MESSAGE(stage.peers.due(stage.clock.steady()).has_value(), "it asks again");
    }

    TEST_CASE("every peer that a list names must exist, on every ExaBGP") {
        const std::string configuration =
            "neighbor 10.0.0.2 {\n  peer-as 65002;\n}\nneighbor 10.0.0.3 {\n  peer-as 65003;\n}";
        DialogueStage pipes;
        pipes.get_ready_on_pipes();
        pipes.ask(1, 11, "neighbor 10.0.0.2, neighbor 10.0.0.4 announce route x");
        CHECK(pipes.writes() == Lines{"show neighbor configuration"});
        pipes.say({configuration, "done"});
        CHECK(pipes.news() == Lines{"11: denied"});
        CHECK(
            pipes.reason.find("no peer of ExaBGP matches '10.0.0.4'; it has 10.0.0.2, 10.0.0.3") !=
            std::string::npos);
        pipes.ask(1, 12, "neighbor 10.0.0.2, neighbor 10.0.0.3 announce route x");
        CHECK(pipes.writes() == Lines{"neighbor 10.0.0.2, neighbor 10.0.0.3 announce route x"});
        pipes.say({"done"});
        pipes.ask(1, 13, "neighbor * peer-as 65003 announce route x");
        pipes.ask(1, 14, "announce route x");
        INFO("a line without a selector needs no peers");
        CHECK(pipes.writes() == Lines{"announce route x"});
        CHECK(pipes.news() == Lines{"12: DONE", "13: denied"});
        CHECK(pipes.reason.find("use: neighbor 10.0.0.3 peer-as 65003 announce route x") !=
              std::string::npos);

        INFO("a reload ends the connection, and nothing else changes the peers of 4.2 and 5.0");
        pipes.say({"done"});
        pipes.pass(PeerWatch::trusted + seconds(1));
        pipes.writes();
        pipes.ask(1, 15, "neighbor 10.0.0.4 announce route x");
        pipes.ask(1, 16, "neighbor 10.0.0.2 announce route x");
        CHECK(pipes.news() == Lines{"14: DONE", "15: denied"});
        CHECK(pipes.writes() == Lines{"neighbor 10.0.0.2 announce route x"});
        pipes.say({"done"});
        pipes.peers.on_closed();
        pipes.ask(1, 17, "neighbor 10.0.0.2 announce route x");
        CHECK(pipes.writes() == Lines{"show neighbor configuration"});

        DialogueStage stage;
        stage.get_ready();
        stage.ask(1, 11, "peer [10.0.0.2, 10.0.0.4] announce route x");
        CHECK(stage.writes() == Lines{"daemon status"});
        stage.say({two_idle, "done"});
        CHECK(stage.news() == Lines{"11: denied"});
        stage.ask(1, 12, "peer [* peer-as 65002] announce route x");
        CHECK(stage.news() == Lines{"12: denied"});
        stage.ask(1, 13, "peer * announce route x");
        stage.say({"done"});
        stage.ask(1, 14, "peer [10.0.0.2] announce route x");
        CHECK(stage.writes() ==
              Lines{"peer * announce route x", "peer [10.0.0.2] announce route x"});
    }

    TEST_CASE(
        "if ExaBGP itself checks the peer, the command is sent even if it does not list its "
        "peers") {
        DialogueStage pipes;
        pipes.get_ready_on_pipes();
        pipes.ask(1, 11, "neighbor 10.0.0.2 announce route x");
        pipes.say({"error"});
        CHECK(pipes.writes() ==
              Lines{"show neighbor configuration", "neighbor 10.0.0.2 announce route x"});
        pipes.say({"error"});
        pipes.pass(seconds(1));
        pipes.ask(1, 12, "neighbor 10.0.0.2, neighbor 10.0.0.3 announce route x");
        pipes.say({"error"});
        CHECK(pipes.news().back() == "12: denied");
    }

    TEST_CASE("the guard can be switched off") {
        DialogueStage stage;
        stage.unguarded = {"selector"};
        stage.get_ready();
        stage.ask(1, 11, "peer 10.0.0.4 teardown 6");
        CHECK(stage.writes() == Lines{"peer 10.0.0.4 teardown 6"});
        DialogueStage pipes;
        pipes.get_ready_on_pipes();
        pipes.ask(1, 11, "neighbor 10.0.0.4 teardown 6");
        CHECK(pipes.writes() == Lines{"neighbor 10.0.0.4 teardown 6"});
    }

    TEST_CASE("a full snapshot includes the detail, unless there are too many peers") {
        DialogueStage stage;
        stage.get_ready();
        stage.ask_for_peers(7, 11);
        stage.say({two_idle, "done"});
        CHECK(stage.writes() == Lines{"daemon status", "peer show summary"});
        stage.say(
            {R"([{"fsm": "ESTABLISHED", "duration": 5, "peer": {"address": "10.0.0.3"}, "messages": {}}])",
             "done"});
        CHECK(stage.news() == Lines{"peers"});
        REQUIRE(stage.peers.table().peers().size() == 2);
        CHECK(stage.peers.table().peers()[1].established());

        std::vector<std::pair<std::string, std::string>> many;
        for (int i = 1; i <= 51; ++i)
            many.emplace_back(name(fmt::format("10.0.1.{}", i), 65000), "IDLE");
        stage.ask_for_peers(7, 12);
        stage.say({status(many), "done"});
        CHECK(stage.writes() == Lines{"daemon status"});
        CHECK(stage.peers.table().peers().size() == 51);
    }

    TEST_CASE("exapulsed's own questions: one at a time, an interval apart") {
        PeerWatch watch{seconds(5)};
        const TimePoint start{seconds(100)};
        auto question = watch.due(start);
        REQUIRE(question.has_value());
        CHECK(question->peers->detail == PeerDetail::Full);
        CHECK_FALSE(watch.due(start + seconds(60)).has_value());
        CHECK_FALSE(watch.next_due().has_value());
        watch.on_line(*question, two_idle);
        question->peers->detail = PeerDetail::Existence;
        const auto outcome =
            watch.on_answer(*question, rules_of(Dialect::V6), true, {start + seconds(1), noon});
        CHECK(outcome.ok);
        CHECK(outcome.events.size() == 1);
        CHECK(watch.next_due() == start + seconds(6));
        CHECK_FALSE(watch.due(start + seconds(5)).has_value());
        question = watch.due(start + seconds(6));
        REQUIRE(question.has_value());
        CHECK(question->peers->detail == PeerDetail::Sessions);
        watch.on_answer_lost(*question);
        CHECK(watch.due(start + seconds(6)).has_value());
    }
}

}  // namespace exapulse::test
