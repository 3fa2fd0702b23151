// SPDX-License-Identifier: BSD-3-Clause
// Answers that their clients do not read: nothing is due while nothing is read, and the rest of an
// answer that is dropped keeps the step.
#include <doctest/doctest.h>

#include "tests/unit/daemon/upstream/dialogue_stage.hpp"

using namespace exapulse;
using namespace exapulse::test;
using namespace std::chrono_literals;

namespace {

constexpr const char* why = "you did not read";

}  // namespace

TEST_CASE("an answer is arriving from its first line to its terminator") {
    for (const bool confirm : {false, true}) {
        CAPTURE(confirm);
        DialogueStage stage(8, confirm);
        stage.get_ready();
        CHECK(stage.dialogue.answered() == nullptr);
        stage.ask(1, 11, "show a");
        CHECK(stage.dialogue.answered() == nullptr);  // it may well be only `done`
        stage.say({"route 1"});
        REQUIRE(stage.dialogue.answered() != nullptr);
        CHECK(stage.dialogue.answered()->id == 11);
        CHECK_FALSE(stage.dialogue.others_in_flight(1));
        CHECK(stage.dialogue.others_in_flight(2));
        stage.say({"done"});
        CHECK(stage.dialogue.answered() == nullptr);
    }
}

TEST_CASE("an answer about peers is nobody's to read") {
    DialogueStage stage;
    stage.get_ready();
    stage.ask_for_peers(1, 11);
    stage.say({"["});
    CHECK(stage.dialogue.answered() == nullptr);
}

TEST_CASE("the rest of an answer that is dropped is for nobody, and the next answer is right") {
    for (const bool confirm : {false, true}) {
        CAPTURE(confirm);
        DialogueStage stage(1, confirm);
        stage.get_ready();
        stage.ask(1, 11, "rib show out");
        stage.ask(2, 21, "peer list");
        stage.say({"route 1"});
        stage.writes();
        stage.news();
        stage.dialogue.drop_answer(why);
        CHECK(stage.news() == Lines{"11: incomplete"});
        CHECK(stage.reason.starts_with(why));
        CHECK(stage.reason.find("it changes nothing, so it is safe to repeat") !=
              std::string::npos);
        CHECK(stage.dialogue.answered() == nullptr);
        stage.say({"route 2", "route 3", "done"});
        if (confirm) stage.say({stage.echo(1), "error"});
        CHECK(stage.news().empty());
        CHECK(stage.writes().at(0) == "peer list");
        stage.say({"[]", "done"});
        if (confirm) stage.say({stage.echo(), "error"});
        CHECK(stage.news() == Lines{"21: []", "21: DONE"});
    }
}

TEST_CASE("what changes something and is not read to its end has an unknown outcome") {
    DialogueStage stage;
    stage.get_ready();
    stage.ask(1, 11, "peer * announce route 192.0.2.0/24 next-hop 198.51.100.1");
    stage.say({"a line"});
    stage.dialogue.drop_answer(why);
    CHECK(stage.news() == Lines{"11: a line", "11: outcome-unknown"});
}

TEST_CASE("while the rest of a dropped answer comes, pings and others wait as for any other") {
    DialogueStage stage;
    stage.get_ready();
    stage.ask(1, 11, "rib show out");
    stage.say({"route 1"});
    stage.dialogue.drop_answer(why);
    stage.ask(2, 21, "peer list");
    stage.writes();
    stage.news();
    for (int i = 0; i < 5; ++i) {
        stage.ping();
        stage.pass(20s);
        stage.say({"route 2"});
    }
    CHECK(stage.dialogue.ready());
    CHECK(stage.news().empty());

    SUBCASE("until ExaBGP stops in the middle of it") {
        stage.pass(31s);
        CHECK_FALSE(stage.dialogue.ready());
        CHECK(stage.news().empty());  // its client has its verdict, and the other waits
        CHECK(stage.queue.size() == 1);
    }
    SUBCASE("until the connection is lost") {
        stage.close();
        CHECK(stage.news().empty());
        CHECK(stage.queue.size() == 1);
    }
}

TEST_CASE("the time in which nothing is read counts for no deadline") {
    DialogueStage stage;
    stage.get_ready();
    stage.ask(1, 11, "rib show out");
    stage.say({"route 1"});
    stage.news();
    stage.clock.advance(60s);
    stage.dialogue.on_reading_again(stage.clock.steady());
    stage.pass(29s);
    CHECK(stage.news().empty());
    CHECK(stage.dialogue.ready());
    stage.pass(2s);
    CHECK(stage.news() == Lines{"11: outcome-unknown"});
}

TEST_CASE("pipes: a fence half answered when reading stops is not taken for acks that are off") {
    DialogueStage stage;
    stage.get_ready_on_pipes();
    stage.ask(1, 11, "show adj-rib out");
    stage.say({"route 1"});
    stage.pass(2'100ms);  // a pause of the answer: a probe is written
    stage.say({"exabgp 4.2.21"});
    stage.writes();
    stage.clock.advance(5s);
    stage.dialogue.on_reading_again(stage.clock.steady());
    stage.dialogue.on_tick(stage.clock.steady());
    CHECK(stage.dialogue.ready());
    stage.say({"done", "route 2", "done"});
    CHECK(stage.news() == Lines{"11: route 1", "11: missing", "11: route 2", "11: DONE"});
}
