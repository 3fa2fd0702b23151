// SPDX-License-Identifier: BSD-3-Clause
// UpstreamDialogue: conversations with ExaBGP 6, in step and out of it.
#include <doctest/doctest.h>

#include "tests/unit/daemon/upstream/dialogue_stage.hpp"

using namespace exapulse;
using namespace exapulse::test;
using namespace std::chrono_literals;

namespace {

const std::string pong_a = R"({"pong": "A", "active": true})";

}  // namespace

TEST_CASE("a new connection: old answers are thrown away up to the echo, then the state is set") {
    DialogueStage stage;
    stage.dialogue.on_connected(stage.clock.steady());
    CHECK(stage.writes() == Lines{"system api version T1"});
    // An earlier client's unread answers, pongs with the right UUID among them.
    stage.say({pong_a, "done", "error", "10.0.0.0/24", "done",
               R"({"error": "Invalid version: T0"})", "error"});
    CHECK(stage.writes().empty());
    stage.say({R"({"error": "Invalid version: T1"})"});
    CHECK(stage.writes().empty());
    stage.say({"error"});
    CHECK(stage.writes() == Lines{"session ack enable"});
    stage.say({"done"});
    CHECK(stage.writes() == Lines{"session sync disable"});
    stage.say({"done"});
    CHECK(stage.writes() == Lines{"group end"});
    stage.say({R"({"error": "not in group block"})", "error"});
    CHECK(stage.writes() == Lines{"system version"});
    stage.say({R"({"version": "6.0.0", "application": "exabgp"})", "done"});
    CHECK(stage.news() == Lines{"ready v6 6.0.0"});
}

TEST_CASE("the dialect decides how a ping is spelled") {
    DialogueStage stage;
    stage.get_ready();
    stage.ping();
    CHECK(stage.writes() == Lines{"session ping client-uuid 1700000000"});

    DialogueStage old;
    old.dialogue.on_connected(old.clock.steady());
    old.say(
        {"error: invalid version: T1", "error", "done", "done", "error", "exabgp 6.0.0", "done"});
    CHECK(old.news() == Lines{"ready v4 6.0.0"});
    old.writes();
    old.ping();
    CHECK(old.writes() == Lines{"ping"});
    old.say({"pong A active=true", "done"});
    CHECK(old.news() == Lines{"pong A"});
}

TEST_CASE("acks that somebody switched off are found by the missing `error` and switched on") {
    DialogueStage stage;
    stage.dialogue.on_connected(stage.clock.steady());
    stage.writes();
    stage.say({R"({"error": "Invalid version: T1"})"});
    stage.pass(300ms);
    CHECK(stage.writes() == Lines{"session ack enable", "system api version T2"});
    stage.say({"done", R"({"error": "Invalid version: T2"})", "error"});
    CHECK(stage.writes() == Lines{"session ack enable"});
}

TEST_CASE("a group that an earlier client left open is closed and remarked on") {
    DialogueStage stage;
    stage.dialogue.on_connected(stage.clock.steady());
    stage.say({R"({"error": "Invalid version: T1"})", "error", "done", "done",
               R"({"status": "group processed", "announced": 1, "withdrawn": 0, "errors": []})",
               "done", R"({"version": "6.0.0"})", "done"});
    CHECK(stage.dialogue.ready());
    REQUIRE(stage.remarks.size() == 1);
    CHECK(stage.remarks[0].find("group open") != std::string::npos);
}

TEST_CASE("each answer goes to its asker, one command in flight") {
    DialogueStage stage;
    stage.get_ready();
    stage.ask(1, 11, "peer list");
    stage.ask(2, 21, "bad");
    CHECK(stage.writes() == Lines{"peer list"});
    stage.say({"[]", "error: not a terminator", "done"});
    CHECK(stage.news() == Lines{"11: []", "11: error: not a terminator", "11: DONE"});
    CHECK(stage.writes() == Lines{"bad"});
    stage.say({"error"});
    CHECK(stage.news() == Lines{"21: ERROR"});
}

TEST_CASE("an answer goes to the sink of its command, with one verdict and to nobody else") {
    struct Sink final : AnswerSink {
        void on_answer_line(const Command& command, std::string_view line) override {
            told.push_back(fmt::format("{}: {}", command.id, line));
        }
        void on_verdict(const Command& command, const Verdict& verdict) override {
            told.push_back(fmt::format("{}: {}", command.id,
                                       verdict.lost   ? name_of(*verdict.lost)
                                       : verdict.done ? "DONE"
                                                      : "ERROR"));
        }
        Lines told;
    };
    Sink one, other;
    DialogueStage stage;
    stage.get_ready();
    stage.ask(7, 1, "a", AnswerShape::Terminated, &one);
    stage.ask(7, 2, "b", AnswerShape::Terminated, &other);
    stage.ask(7, 3, "c", AnswerShape::Terminated, &one);
    stage.ask(7, 4, "# shutdown", AnswerShape::Terminated, &other);
    stage.ask(7, 5, "daemon shutdown", AnswerShape::Terminated, &other);
    stage.say({"a's", "done"});
    stage.say({"b's", "error"});
    stage.close();
    stage.dialogue.abandon_waiting("it is late");
    CHECK(one.told == Lines{"1: a's", "1: DONE", "3: outcome-unknown"});
    CHECK(other.told == Lines{"2: b's", "2: ERROR", "4: not-sent", "5: not-sent"});
    CHECK(stage.news().empty());
}

TEST_CASE("with more in flight, answers still count by order") {
    DialogueStage stage(3);
    stage.get_ready();
    for (const CommandId id : {1U, 2U, 3U, 4U}) stage.ask(id, id, fmt::format("c{}", id));
    CHECK(stage.writes() == Lines{"c1", "c2", "c3"});
    stage.say({"a1", "done", "a2", "error"});
    CHECK(stage.news() == Lines{"1: a1", "1: DONE", "2: a2", "2: ERROR"});
    CHECK(stage.writes() == Lines{"c4"});
    CHECK(stage.dialogue.commands_in_flight() == 2);
}

TEST_CASE("a ping goes before everything that waits") {
    DialogueStage stage;
    stage.get_ready();
    for (const CommandId id : {1U, 2U, 3U}) stage.ask(1, id, fmt::format("c{}", id));
    stage.ping();
    stage.ping();  // one ping at a time
    CHECK(stage.writes() == Lines{"c1"});
    stage.say({"done"});
    CHECK(stage.writes() == Lines{"session ping client-uuid 1700000000"});
    stage.clock.advance(3ms);
    stage.say({pong_a});
    CHECK(stage.writes().empty());
    stage.say({"done"});
    CHECK(stage.news() == Lines{"1: DONE", "pong A"});
    CHECK(stage.writes() == Lines{"c2"});
}

TEST_CASE("a terminator with nobody waiting leads to a resync, not to a shifted answer") {
    DialogueStage stage;
    stage.get_ready();
    stage.say({"done"});
    CHECK(stage.writes() == Lines{"system api version T2"});
    stage.ask(1, 1, "peer list");
    CHECK(stage.writes().empty());
    stage.say({"late", "done", R"({"error": "Invalid version: T2"})", "error", "done", "done",
               "error", "done"});
    CHECK(stage.news() == Lines{"ready v6 6.0.0"});
    CHECK(stage.heard.back() == "peer list");
    stage.say({"[]", "done"});
    CHECK(stage.news() == Lines{"1: []", "1: DONE"});
}

TEST_CASE("two terminators at once: the second is not the next command's") {
    DialogueStage stage;
    stage.get_ready();
    stage.ask(1, 1, "unknown to end twice");
    stage.ask(2, 2, "peer list");
    stage.writes();
    stage.say({"done", "done"});
    CHECK(stage.news() == Lines{"1: DONE"});
    CHECK(stage.writes() == Lines{"system api version T2"});
}

TEST_CASE("a data line that nobody waits for is dropped") {
    DialogueStage stage;
    stage.get_ready();
    stage.say({"neighbor 127.0.0.1 up"});
    CHECK(stage.writes().empty());
    CHECK(stage.news().empty());
    CHECK(stage.dialogue.ready());
}

TEST_CASE("an answer without a terminator ends by a fence, with a clear verdict") {
    DialogueStage stage;
    stage.get_ready();
    stage.ask(1, 1, "peer show summary");
    stage.ask(2, 2, "peer list");
    stage.writes();
    stage.say({R"([{"peer": "ipv4 undone)"});  // ExaBGP cut the line and glued `done` on
    stage.pass(short_pause - 1ms);
    CHECK(stage.writes().empty());
    stage.pass(1ms);
    CHECK(stage.writes() == Lines{"system api version T2"});
    stage.news();
    stage.say({R"({"error": "Invalid version: T2"})", "error"});
    CHECK(stage.news() == Lines{"1: outcome-unknown"});
    CHECK(stage.writes() == Lines{"peer list"});
    stage.say({"[]", "done"});
    CHECK(stage.news() == Lines{"2: []", "2: DONE"});
}

TEST_CASE("a fence behind a slow answer does it no harm") {
    DialogueStage stage;
    stage.get_ready();
    stage.ask(1, 1, "rib show out");
    stage.pass(10s);
    CHECK(stage.writes() == Lines{"rib show out", "system api version T2"});
    stage.say({"route", "done", R"({"error": "Invalid version: T2"})", "error"});
    CHECK(stage.news() == Lines{"1: route", "1: DONE"});
    stage.ask(1, 2, "next");
    CHECK(stage.writes() == Lines{"next"});
}

TEST_CASE("a command without any byte meets its deadline, and its late answer nobody") {
    DialogueStage stage;
    stage.get_ready();
    stage.ask(1, 1, "slow");
    stage.ask(2, 2, "next");
    stage.pass(29s);
    CHECK(stage.news().empty());
    stage.pass(2s);
    CHECK(stage.news() == Lines{"1: outcome-unknown"});
    CHECK(stage.writes().back() == "system api version T3");
    stage.say({"late", "done", R"({"error": "Invalid version: T2"})", "error",
               R"({"error": "Invalid version: T3"})", "error", "done", "done", "error", "done"});
    CHECK(stage.news() == Lines{"ready v6 6.0.0"});
    CHECK(stage.writes().back() == "next");
}

TEST_CASE("bytes put the deadline off: a long answer is not a lost one") {
    DialogueStage stage;
    stage.get_ready();
    stage.ask(1, 1, "rib show out");
    for (int i = 0; i < 60; ++i) {
        stage.pass(1s);
        stage.dialogue.on_bytes(1024, stage.clock.steady());
    }
    CHECK(stage.news().empty());
    CHECK(stage.dialogue.take_sign_of_life());
    stage.say({"done"});
    CHECK(stage.news() == Lines{"1: DONE"});
}

TEST_CASE("bytes that trickle in put nothing off: neither the deadline nor the hang") {
    DialogueStage stage;
    stage.get_ready();
    stage.ask(1, 1, "rib show out");
    stage.say({"route"});
    CHECK(stage.dialogue.take_sign_of_life());
    for (int i = 0; i < 29; ++i) {
        stage.pass(1s);
        stage.dialogue.on_bytes(1, stage.clock.steady());
    }
    stage.news();
    CHECK_FALSE(stage.dialogue.take_sign_of_life());
    stage.pass(1s);
    CHECK(stage.news() == Lines{"1: outcome-unknown"});
}

TEST_CASE("verbs that ExaBGP ends with no terminator or with two get exactly one") {
    struct Row {
        Lines answer;
        Lines told;
    };
    for (const Row& row : {
             Row{{"[]"}, {"1: []", "1: DONE"}},    // none
             Row{{}, {"1: DONE"}},                 // not even a line
             Row{{"done", "error"}, {"1: DONE"}},  // two
             Row{{"error: no such peer", "error"}, {"1: error: no such peer", "1: ERROR"}},  // one
         }) {
        CAPTURE(row.answer);
        DialogueStage stage;
        stage.get_ready();
        stage.ask(1, 1, "peer * routes list", AnswerShape::Irregular);
        stage.ask(2, 2, "next");
        CHECK(stage.writes() == Lines{"peer * routes list", "system api version T2"});
        stage.say(row.answer);
        stage.say({R"({"error": "Invalid version: T2"})"});
        CHECK(stage.news() == row.told);
        CHECK(stage.writes().empty());
        stage.say({"error"});
        CHECK(stage.writes() == Lines{"next"});
    }
}

TEST_CASE("confirmed: an answer counts when the echo behind it has come") {
    DialogueStage stage(1, true);
    stage.get_ready();
    stage.ask(1, 1, "announce a");
    stage.ask(2, 2, "announce b");
    const std::string echo = fmt::format(R"({{"error": "Invalid version: T{}"}})", stage.tokens);
    CHECK(stage.writes() ==
          Lines{"announce a", fmt::format("system api version T{}", stage.tokens)});

    SUBCASE("one terminator, one verdict") {
        stage.say({"error"});
        CHECK(stage.news().empty());
        CHECK(stage.writes().at(0) == "announce b");  // its answer comes after the echo
        stage.say({echo});
        CHECK(stage.news() == Lines{"1: ERROR"});
        stage.say({"error"});  // of the echo
        stage.say({"done", fmt::format(R"({{"error": "Invalid version: T{}"}})", stage.tokens)});
        CHECK(stage.news() == Lines{"2: DONE"});
    }
    SUBCASE("a stray terminator costs one verdict and shifts none") {
        stage.say({"done"});   // nobody's
        stage.say({"error"});  // the command's own
        stage.say({echo, "error"});
        const Lines news = stage.news();
        REQUIRE(!news.empty());
        CHECK(news.back() == "1: outcome-unknown");
        CHECK(stage.writes().at(0) == "announce b");
        stage.say({"done", fmt::format(R"({{"error": "Invalid version: T{}"}})", stage.tokens)});
        CHECK(stage.news() == Lines{"2: DONE"});
    }
    SUBCASE("a connection lost before the echo keeps the verdict that had come") {
        stage.say({"done"});
        stage.close();
        CHECK(stage.news().at(0) == "1: DONE");
    }
    SUBCASE("one that is in doubt stays so when the connection is lost") {
        stage.say({"done", "error"});
        stage.close();
        CHECK(stage.news().at(0) == "1: outcome-unknown");
    }
}

TEST_CASE("a lost connection: written is unknown, unwritten waits for the next one") {
    DialogueStage stage(2);
    stage.get_ready();
    stage.ask(1, 1, "first");
    stage.ask(2, 2, "second");
    stage.ask(3, 3, "third");
    SUBCASE("all bytes had left") {
        stage.close();
        CHECK(stage.news() == Lines{"1: outcome-unknown", "2: outcome-unknown"});
        CHECK(stage.queue.size() == 1);
    }
    SUBCASE("of the second not a byte had left") {
        stage.close(std::string("second\n").size());
        CHECK(stage.news() == Lines{"1: outcome-unknown"});
        CHECK(stage.queue.size() == 2);
        stage.writes();
        stage.dialogue.on_connected(stage.clock.steady());
        stage.say({stage.echo(), "error", "done", "done", "error", "done"});
        stage.say({stage.echo(1), "error", stage.echo(), "error"});
        // Written once: ExaBGP never saw it before. In its old place, before the third.
        CHECK(stage.heard[stage.heard.size() - 2] == "second");
        CHECK(stage.heard.back() == "third");
    }
    SUBCASE("a byte of the second had left") {
        stage.close(std::string("second\n").size() - 1);
        CHECK(stage.news() == Lines{"1: outcome-unknown", "2: outcome-unknown"});
    }
}

TEST_CASE("while ExaBGP is away commands wait for the hold, then fail as not sent") {
    DialogueStage stage;
    stage.get_ready();
    stage.close();
    stage.ask(1, 1, "one");
    stage.pass(4s);
    stage.ask(1, 2, "two");
    CHECK(stage.news().empty());
    stage.pass(1s);
    CHECK(stage.news() == Lines{"1: not-sent"});
    stage.pass(4s);
    CHECK(stage.news() == Lines{"2: not-sent"});
    CHECK(stage.writes().empty());
}

TEST_CASE("a stall: pings go on, nothing else does, and the burst of late pongs is absorbed") {
    DialogueStage stage;
    stage.get_ready();
    stage.ping();
    stage.ask(1, 1, "peer list");
    stage.pass(10s);
    stage.ping();  // the first was not answered
    stage.pass(10s);
    stage.ping();
    CHECK(stage.writes().size() == 3);
    CHECK(stage.news() == Lines{"1: not-sent"});
    stage.ask(1, 2, "peer list");
    stage.say({pong_a});
    CHECK(stage.news() == Lines{"pong A late"});
    CHECK(stage.writes() == Lines{"system api version T2"});
    stage.say({"done", pong_a, "done", pong_a, "done"});
    CHECK(stage.news().empty());
    stage.say({R"({"error": "Invalid version: T2"})", "error", "done", "done", "error", "done"});
    CHECK(stage.heard.back() == "peer list");
    stage.say({"[]", "done"});
    CHECK(stage.news() == Lines{"ready v6 6.0.0", "2: []", "2: DONE"});
}

TEST_CASE("an ExaBGP that swallowed what came during its stall is asked again") {
    DialogueStage stage;
    stage.dialogue.on_connected(stage.clock.steady());
    stage.pass(1s);
    stage.ping();
    CHECK(stage.writes() == Lines{"system api version T1", "system api version T2"});
    stage.say({R"({"error": "Invalid version: T1"})", "error"});
    CHECK_FALSE(stage.dialogue.ready());
    stage.say({R"({"error": "Invalid version: T2"})", "error", "done", "done", "error", "done"});
    CHECK(stage.dialogue.ready());
}

TEST_CASE("a ping behind a silent command does not add to it") {
    DialogueStage stage;
    stage.get_ready();
    stage.ask(1, 1, "slow");
    for (int i = 0; i < 2; ++i) {
        stage.ping();
        stage.pass(10s);
    }
    CHECK(stage.writes() == Lines{"slow", "system api version T2"});
    stage.say({"done", R"({"error": "Invalid version: T2"})", "error"});
    CHECK(stage.writes() == Lines{"session ping client-uuid 1700000000"});
}

TEST_CASE("a ping that is answered with something else leads to a resync") {
    for (const char* answer : {"error", "done", "stray"}) {
        CAPTURE(std::string(answer));
        DialogueStage stage;
        stage.get_ready();
        stage.ping();
        stage.writes();
        stage.say({answer});
        CHECK(stage.writes() == Lines{"system api version T2"});
    }
}

TEST_CASE("a pong that names nobody keeps the step, and makes ExaBGP unusable") {
    for (const char* pong : {"pong \xff\xfe active=true", R"({"pong": "a\nb"})",
                             R"({"pong": "\u001b[2J", "active": true})"}) {
        CAPTURE(std::string(pong));
        DialogueStage stage;
        stage.get_ready();
        stage.ping();
        stage.say({pong, "done"});
        CHECK(stage.news() == Lines{"unusable"});
        CHECK(stage.dialogue.ready());
        stage.ask(1, 1, "peer list");
        stage.say({"[]", "done"});
        CHECK(stage.news() == Lines{"1: []", "1: DONE"});
        stage.ping();
        stage.say({pong_a, "done"});
        CHECK(stage.news() == Lines{"pong A"});
    }
}

TEST_CASE("a line beyond the limit costs its asker a verdict, and nobody else") {
    DialogueStage stage;
    stage.get_ready();
    stage.ask(1, 1, "peer show summary");
    stage.ask(2, 2, "peer list");
    stage.dialogue.on_line_too_long(stage.clock.steady());
    CHECK(stage.news() == Lines{"1: outcome-unknown"});
    stage.say(
        {"done", R"({"error": "Invalid version: T2"})", "error", "done", "done", "error", "done"});
    stage.say({"[]", "done"});
    CHECK(stage.news() == Lines{"ready v6 6.0.0", "2: []", "2: DONE"});
}

TEST_CASE("at the end everything gets a verdict") {
    DialogueStage stage;
    stage.get_ready();
    for (const CommandId id : {1U, 2U, 3U}) stage.ask(id, id, "c");
    stage.dialogue.abandon_waiting("stopping");
    CHECK(stage.news() == Lines{"2: not-sent", "3: not-sent"});
    stage.dialogue.abandon_in_flight("stopping");
    CHECK(stage.news() == Lines{"1: outcome-unknown"});
    CHECK(stage.dialogue.commands_in_flight() == 0);
}
