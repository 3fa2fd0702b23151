// SPDX-License-Identifier: BSD-3-Clause
// UpstreamDialogue beside another program that writes into the pipes of ExaBGP 4.2 and 5.0.
#include <doctest/doctest.h>

#include "tests/unit/daemon/upstream/dialogue_stage.hpp"

using namespace exapulse;
using namespace exapulse::test;
using namespace std::chrono_literals;

namespace {

const std::string announcement = "announce route 10.0.0.0/24 next-hop 192.0.2.1";
const std::string closing =
    "show neighbor none summary\nshow adj-rib out none\nshow neighbor none summary";
const Lines closing_answer{summary, "done", "done", summary, "done"};

std::string bracketed(const std::string& line) {
    return "show neighbor none summary\n" + line + "\n" + closing;
}

Lines in_brackets(const Lines& answer) {
    Lines lines{summary, "done"};
    lines.insert(lines.end(), answer.begin(), answer.end());
    lines.insert(lines.end(), closing_answer.begin(), closing_answer.end());
    return lines;
}

bool names_the_writer(const DialogueStage& stage) {
    return stage.reason.starts_with("bash (pid 12) writes into ExaBGP's pipe");
}

}  // namespace

TEST_CASE("contended: an answer is nobody's for certain when another wrote while it was due") {
    DialogueStage stage;
    stage.get_ready_on_pipes();
    stage.ask(1, 11, announcement);
    stage.visit();
    stage.say({"done"});
    CHECK(stage.news() == Lines{"11: outcome-unknown"});
    CHECK(names_the_writer(stage));
    // The other terminator is noticed, and puts nothing out of step.
    stage.say({"error"});
    CHECK(stage.dialogue.ready());
    CHECK(stage.remarks.empty());
}

TEST_CASE("contended: who has only opened the pipe may be about to write") {
    DialogueStage stage;
    stage.get_ready_on_pipes();
    stage.ask(1, 11, announcement);
    stage.visit(false);
    stage.say({"error"});
    CHECK(stage.news() == Lines{"11: outcome-unknown"});
    stage.ask(1, 12, announcement);
    stage.say({"done"});
    CHECK(stage.news() == Lines{"12: DONE"});
    CHECK(stage.writes() == Lines{announcement, announcement});
}

TEST_CASE("contended: commands are bracketed from then on, and for a while") {
    DialogueStage stage;
    stage.get_ready_on_pipes();
    stage.visit();
    stage.ask(1, 11, announcement);
    CHECK(stage.writes() == Lines{bracketed(announcement)});
    stage.visit();
    stage.say({"done", "error", summary, "done", "done", "done"});
    stage.say(in_brackets({"error"}));
    CHECK(stage.news() == Lines{"11: ERROR"});
    stage.pass(Contention::lasts);
    stage.writes();
    stage.ask(1, 12, announcement);
    CHECK(stage.writes() == Lines{announcement});
}

TEST_CASE("contended: a command that dies is told only where nobody else wrote") {
    DialogueStage stage;
    stage.get_ready_on_pipes();
    stage.visit();
    stage.ask(1, 11, announcement);
    stage.say(in_brackets({}));
    CHECK(stage.news() == Lines{"11: outcome-unknown"});
    stage.ask(1, 12, announcement);
    stage.say(in_brackets({}));
    CHECK(stage.news() == Lines{"12: exabgp-failed"});
    stage.ask(1, 13, announcement);
    stage.visit(false);
    stage.say(in_brackets({}));
    CHECK(stage.news() == Lines{"13: outcome-unknown"});
}

TEST_CASE("contended: what ExaBGP answers at once waits for a sweep") {
    DialogueStage stage;
    stage.get_ready_on_pipes();
    stage.visit();
    stage.ask(1, 11, "version");
    CHECK(stage.writes() == Lines{closing});
    stage.say({"done"});
    CHECK(stage.writes().empty());
    stage.say(closing_answer);
    CHECK(stage.writes() == Lines{"version"});
    stage.say({"exabgp 4.2.21", "done"});
    CHECK(stage.news() == Lines{"11: exabgp 4.2.21", "11: DONE"});
    // Swept, and nobody has written since.
    stage.ask(1, 12, "version");
    CHECK(stage.writes() == Lines{"version"});
    stage.visit();
    stage.say({"exabgp 4.2.21", "done"});
    CHECK(stage.news() == Lines{"12: exabgp 4.2.21", "12: outcome-unknown"});
    CHECK(stage.reason.find("safe to repeat") != stage.reason.npos);
}

TEST_CASE("contended: who writes without a pause does not hold commands for ever") {
    DialogueStage stage;
    stage.get_ready_on_pipes();
    stage.visit();
    stage.ask(1, 11, "version");
    for (int sweeps = 1; stage.writes() == Lines{closing}; ++sweeps) {
        REQUIRE(sweeps < 10);
        stage.visit();
        stage.say(closing_answer);
    }
    stage.say({"exabgp 4.2.21", "done"});
    CHECK(stage.news() == Lines{"11: exabgp 4.2.21", "11: outcome-unknown"});
}

TEST_CASE("contended: a question that was not answered clearly is asked again") {
    DialogueStage stage;
    stage.get_ready_on_pipes();
    stage.visit();
    stage.ask(1, 11, "show adj-rib out");
    stage.say(in_brackets({"neighbor 1.2.3.4 10.0.0.0/24", "done", "error"}));
    CHECK(stage.news().empty());
    CHECK(stage.writes() == Lines{bracketed("show adj-rib out"), bracketed("show adj-rib out")});
    stage.say(in_brackets({"neighbor 1.2.3.4 10.0.0.0/24", "done"}));
    CHECK(stage.news() == Lines{"11: neighbor 1.2.3.4 10.0.0.0/24", "11: DONE"});
}

TEST_CASE("contended: answers that another reader took are given up soon") {
    DialogueStage stage;
    stage.get_ready_on_pipes();
    stage.visit();
    stage.ask(1, 11, announcement);
    stage.writes();
    stage.say({"done", summary});
    stage.pass(short_pause);
    CHECK(stage.writes() == Lines{closing});
    stage.say(closing_answer);
    CHECK(stage.news() == Lines{"11: outcome-unknown"});
    // The first closing part may still be answered.
    CHECK_FALSE(stage.dialogue.ready());
}

TEST_CASE("contended: the step is found while lines keep coming") {
    DialogueStage stage;
    stage.dialogue.on_connected(stage.clock.steady());
    stage.visit();
    stage.say({"done", "error"});
    stage.say({"exabgp 4.2.21", "done"});
    for (int i = 0; i < 10 && !stage.dialogue.ready(); ++i) {
        stage.pass(100ms);
        stage.say({"done"});
    }
    CHECK(stage.dialogue.ready());
    CHECK(stage.news() == Lines{"ready 4.2 4.2.21"});
}

TEST_CASE("contended: pings are answered among the answers to others") {
    DialogueStage stage;
    stage.get_ready_on_pipes();
    stage.visit();
    stage.ping();
    stage.say({"error", "exabgp 4.2.21", "done", "done"});
    CHECK(stage.news() == Lines{"pong "});
    CHECK(stage.dialogue.ready());
}

TEST_CASE("contended: where visits can't be seen, a stray answer tells") {
    DialogueStage stage;
    stage.sees = false;
    stage.get_ready_on_pipes();
    stage.say({"error"});
    CHECK(stage.news() == Lines{"stray"});
    CHECK(stage.dialogue.ready());
    stage.ask(1, 11, announcement);
    stage.say(in_brackets({"done"}));
    CHECK(stage.news() == Lines{"11: DONE"});
    // Nobody knows whether another wrote meanwhile.
    stage.ask(1, 12, announcement);
    stage.say(in_brackets({}));
    CHECK(stage.news() == Lines{"12: outcome-unknown"});
}

TEST_CASE("contended: ExaBGP 6 answers in order, and an echo behind the command tells") {
    DialogueStage stage;
    stage.get_ready();
    stage.visit();
    stage.ask(1, 11, announcement);
    CHECK(stage.writes() ==
          Lines{announcement, fmt::format("system api version T{}", stage.tokens)});
    stage.say({"done", "error", fmt::format(R"({{"error": "Invalid version: T{}"}})", stage.tokens),
               "error"});
    CHECK(stage.news() == Lines{"11: outcome-unknown"});
}
