// SPDX-License-Identifier: BSD-3-Clause
// UpstreamDialogue: conversations with ExaBGP 4.2 and 5.0, which answer out of order.
#include <doctest/doctest.h>

#include "tests/unit/daemon/upstream/dialogue_stage.hpp"

using namespace exapulse;
using namespace exapulse::test;
using namespace std::chrono_literals;

namespace {

constexpr Milliseconds fresh = QuietProtocol::quiet_when_fresh;
constexpr Milliseconds after_loss = QuietProtocol::quiet_after_loss;
const Lines version{"exabgp 4.2.21", "done"};
const std::string witness = "show neighbor none summary";
const Lines witness_answer{summary, "done"};
const std::string bad_line = "announce route 192.0.2.0/24 next-hop 198.51.100.256";

}  // namespace

TEST_CASE("pipes: two probes answered alone, a while apart, and the step is found") {
    DialogueStage stage;
    stage.dialogue.on_connected(stage.clock.steady());
    CHECK(stage.writes() == Lines{"system api version T1"});
    stage.say(version);
    stage.pass(fresh - 1ms);
    CHECK(stage.writes().empty());
    CHECK(stage.dialogue.waits_for_quiet(stage.clock.steady()));
    stage.pass(1ms);
    CHECK(stage.writes() == Lines{"system api version T2"});
    stage.say(version);
    CHECK(stage.news() == Lines{"ready 4.2 4.2.21"});
    stage.ping();
    CHECK(stage.writes() == Lines{"version"});
    stage.say(version);
    CHECK(stage.news() == Lines{"pong "});
}

TEST_CASE("pipes: the rest of somebody's answer puts the second probe off, and is told nobody") {
    DialogueStage stage;
    stage.dialogue.on_connected(stage.clock.steady());
    stage.say(
        {"neighbor 1.2.3.4 10.0.0.0/24", "exabgp 4.2.21", "done", "neighbor 1.2.3.4 10.0.1.0/24"});
    stage.pass(fresh - 1ms);
    stage.say({"done"});
    stage.pass(fresh - 1ms);
    CHECK(stage.writes() == Lines{"system api version T1"});
    stage.pass(1ms);
    CHECK(stage.writes() == Lines{"system api version T2"});
    // Not alone: the whole is repeated.
    stage.say({"late", "exabgp 4.2.21", "done"});
    CHECK(stage.dialogue.waits_for_quiet(stage.clock.steady()));
    stage.pass(fresh);
    stage.say(version);
    CHECK(stage.news() == Lines{"ready 4.2 4.2.21"});
}

TEST_CASE("pipes: a probe that was glued to half a line is asked again") {
    DialogueStage stage;
    stage.dialogue.on_connected(stage.clock.steady());
    stage.say({"error"});
    CHECK(stage.writes() == Lines{"system api version T1"});
    stage.pass(500ms);
    CHECK(stage.writes() == Lines{"system api version T2"});
    stage.say(version);
    stage.pass(fresh);
    stage.say(version);
    CHECK(stage.dialogue.ready());
}

TEST_CASE("pipes: one command at a time, whatever may be in flight elsewhere") {
    DialogueStage stage(3);
    stage.get_ready_on_pipes();
    stage.ask(1, 11, "announce route 10.0.0.0/24 next-hop 1.2.3.4");
    stage.ask(2, 21, "version");
    stage.ping();
    // A sign of life overtakes the command, the ping itself must wait.
    CHECK(stage.writes() ==
          Lines{"announce route 10.0.0.0/24 next-hop 1.2.3.4", "system api version T3"});
    stage.say({"exabgp 4.2.21", "done", "done"});
    CHECK(stage.writes() == Lines{"version"});  // the ping
    stage.say(version);
    CHECK(stage.writes() == Lines{"version"});
    stage.say(version);
    CHECK(stage.news() == Lines{"11: DONE", "pong ", "21: exabgp 4.2.21", "21: DONE"});
}

TEST_CASE("pipes: a quiet command is probed once; the probe's answer may overtake it") {
    DialogueStage stage;
    stage.get_ready_on_pipes();
    stage.ask(1, 11, "show adj-rib out");
    stage.say({"neighbor 1.2.3.4 10.0.0.0/24"});
    stage.pass(2s);
    CHECK(stage.writes() == Lines{"show adj-rib out", witness, "system api version T3"});
    stage.say({"exabgp 4.2.21", "done"});
    stage.pass(5s);
    CHECK(stage.writes().empty());
    stage.say({"neighbor 1.2.3.4 10.0.1.0/24", "done"});
    stage.say(witness_answer);
    CHECK(stage.news() == Lines{"11: neighbor 1.2.3.4 10.0.0.0/24", "11: missing",
                                "11: neighbor 1.2.3.4 10.0.1.0/24", "11: DONE"});
    CHECK(stage.dialogue.ready());
}

TEST_CASE("pipes: the probe's answer may also come behind the command's, and in its middle") {
    DialogueStage stage;
    stage.get_ready_on_pipes();
    stage.ask(1, 11, "announce route 10.0.0.0/24 next-hop 1.2.3.4");
    stage.pass(2s);
    stage.say({"done", "exabgp 4.2.21", "done"});
    stage.say(witness_answer);
    CHECK(stage.news() == Lines{"11: DONE"});
    stage.ask(1, 12, "version");
    stage.pass(2s);
    stage.say({"exabgp 4.2.21", "done", "exabgp 4.2.21", "done"});
    CHECK(stage.news() == Lines{"12: missing", "12: exabgp 4.2.21", "12: DONE"});
    CHECK(stage.dialogue.ready());
}

TEST_CASE("pipes: an ExaBGP that answers the probe is not a failure while one answer is missing") {
    DialogueStage stage;
    stage.get_ready_on_pipes();
    stage.ask(1, 11, "show adj-rib out");
    stage.pass(2s);
    stage.say(version);
    stage.pass(8s);
    stage.writes();
    stage.ping();  // cannot be written behind the command, a probe can
    CHECK(stage.writes() == Lines{"system api version T4"});
    stage.say(version);
    // The probes' own answers do not put the deadline off.
    stage.pass(19s);
    CHECK(stage.news() == Lines{"11: missing", "11: missing"});
    stage.pass(1s);
    CHECK(stage.news() == Lines{"11: outcome-unknown"});
    stage.say(version);
    // Its late answer is told nobody, however late within the longer quiet.
    stage.pass(after_loss - 1ms);
    stage.say({"neighbor 1.2.3.4 10.0.0.0/24", "done"});
    stage.pass(after_loss);
    stage.say(version);
    CHECK(stage.news() == Lines{"ready 4.2 4.2.21"});
}

TEST_CASE("pipes: a stopped ExaBGP: silent, then recovered, with the short quiet") {
    DialogueStage stage;
    stage.get_ready_on_pipes();
    stage.ping();
    stage.ping();  // the first is unanswered
    stage.ping();
    CHECK(stage.writes() == Lines{"version", "version", "version"});
    stage.say({"exabgp 4.2.21", "done", "exabgp 4.2.21", "done", "exabgp 4.2.21", "done"});
    CHECK(stage.news() == Lines{"pong  late"});
    stage.say(version);  // of the probe
    stage.pass(fresh);
    stage.say(version);
    CHECK(stage.news() == Lines{"ready 4.2 4.2.21"});
}

TEST_CASE("pipes: nothing more is asked while the pipe is full") {
    DialogueStage stage;
    stage.get_ready_on_pipes();
    stage.ping();
    stage.ping();
    stage.writes();
    stage.stuck = 8;
    stage.ping();
    stage.ping();
    CHECK(stage.writes().empty());
}

TEST_CASE("pipes: a command of which no byte left by the deadline is not sent") {
    DialogueStage stage;
    stage.get_ready_on_pipes();
    const std::string line = "announce route 10.0.0.0/24 next-hop 1.2.3.4";
    stage.ask(1, 11, line);
    stage.pass(2s);
    stage.heard = {line};
    stage.stuck = (line + "\n" + witness + "\nsystem api version T3\n").size();
    stage.pass(28s);
    CHECK(stage.news() == Lines{"11: not-sent"});
    CHECK(stage.stuck == 0);
}

TEST_CASE("pipes: a command of which some bytes left by the deadline is of unknown outcome") {
    DialogueStage stage;
    stage.get_ready_on_pipes();
    stage.ask(1, 11, "announce route 10.0.0.0/24 next-hop 1.2.3.4");
    stage.stuck = 10;
    stage.pass(30s);
    CHECK(stage.news() == Lines{"11: outcome-unknown"});
    CHECK(stage.stuck == 10);  // the rest of the line must follow its beginning
}

TEST_CASE("pipes: `shutdown PID PPID` ends the conversation at once") {
    DialogueStage stage;
    stage.get_ready_on_pipes();
    stage.ask(1, 11, "show adj-rib out");
    stage.say({"shutdown 8291 8164", ""});
    CHECK(stage.news() == Lines{"shutdown 8291"});
    stage.close();
    CHECK(stage.news() == Lines{"11: outcome-unknown"});
    CHECK(stage.remarks.empty());
}

TEST_CASE("ExaBGP 6 says no such thing: there it is a line of an answer") {
    DialogueStage stage;
    stage.get_ready();
    stage.ask(1, 11, "peer list");
    stage.say({"shutdown 8291 8164", "done"});
    CHECK(stage.news() == Lines{"11: shutdown 8291 8164", "11: DONE"});
}

TEST_CASE("5.0: acks that somebody switched off are switched on; 4.2 has no way to do it") {
    DialogueStage stage;
    stage.dialogue.on_connected(stage.clock.steady());
    stage.say({"exabgp 5.0.13"});
    stage.pass(250ms);
    CHECK(stage.writes() == Lines{"system api version T1", "enable-ack", "system api version T2"});

    DialogueStage old;
    old.dialogue.on_connected(old.clock.steady());
    old.say({"exabgp 4.2.21"});
    old.pass(250ms);
    CHECK(old.news() == Lines{"unusable"});
    CHECK(old.writes() == Lines{"system api version T1"});
    old.pass(10s);
    old.ping();  // asks again: somebody may have mended it
    CHECK(old.writes() == Lines{"system api version T2"});
}

TEST_CASE("5.0: `debug` ends without an answer, once the probe behind it has one") {
    DialogueStage stage;
    stage.get_ready_on_pipes("5.0.13");
    stage.ask(1, 11, "debug something", AnswerShape::Irregular);
    CHECK(stage.writes() == Lines{"debug something"});
    stage.pass(short_pause);
    CHECK(stage.writes() == Lines{"system api version T3"});
    stage.say({"exabgp 5.0.13", "done"});
    CHECK(stage.news() == Lines{"11: DONE"});
    stage.ask(1, 12, "debug", AnswerShape::Irregular);
    stage.say({"error"});
    CHECK(stage.news() == Lines{"12: ERROR"});
    CHECK(stage.dialogue.ready());
}

TEST_CASE("pipes: a witness that is answered proves that the command before it died") {
    DialogueStage stage;
    stage.get_ready_on_pipes();
    stage.ask(1, 11, bad_line);
    stage.ask(2, 21, "show adj-rib out");
    stage.pass(short_pause - 1ms);
    CHECK(stage.writes() == Lines{bad_line});
    stage.pass(1ms);
    CHECK(stage.writes() == Lines{witness});
    stage.say({summary});
    CHECK(stage.news() == Lines{"11: exabgp-failed"});
    CHECK(stage.reason.find("ExaBGP 4.2.21 failed") == 0);
    CHECK(stage.writes().empty());  // the end of the witness's answer is nobody's
    stage.say({"done"});
    CHECK(stage.writes() == Lines{"show adj-rib out"});
    stage.say({"neighbor 1.2.3.4 10.0.0.0/24", "done"});
    CHECK(stage.news() == Lines{"21: neighbor 1.2.3.4 10.0.0.0/24", "21: DONE"});
    CHECK(stage.remarks.empty());
    CHECK(stage.dialogue.ready());
}

TEST_CASE("pipes: a slow answer comes before the witness's, and is no dead one") {
    DialogueStage stage;
    stage.get_ready_on_pipes();
    stage.ask(1, 11, "show adj-rib out");
    stage.pass(short_pause);
    stage.say({"neighbor 1.2.3.4 10.0.0.0/24"});
    stage.pass(1s);  // within the answer; one witness is enough
    stage.say({"neighbor 1.2.3.4 10.0.1.0/24", "done"});
    CHECK(stage.writes() == Lines{"show adj-rib out", witness});
    stage.ask(1, 12, "version");
    CHECK(stage.writes().empty());
    stage.say(witness_answer);
    CHECK(stage.writes() == Lines{"version"});
    CHECK(stage.news() == Lines{"11: neighbor 1.2.3.4 10.0.0.0/24",
                                "11: neighbor 1.2.3.4 10.0.1.0/24", "11: DONE"});
}

TEST_CASE("pipes: a command that died in the middle of its answer") {
    DialogueStage stage;
    stage.get_ready_on_pipes("5.0.2");
    stage.ask(1, 11, "show neighbor extensive");
    stage.say({"Neighbor 127.0.0.1"});
    stage.pass(short_pause);
    stage.say(witness_answer);
    CHECK(stage.news() == Lines{"11: Neighbor 127.0.0.1", "11: exabgp-failed"});
    CHECK(stage.reason.find("did not finish its answer") != stage.reason.npos);
}

TEST_CASE("pipes: a summary that is late is not taken for its witness, a dead one is noticed") {
    DialogueStage stage;
    stage.get_ready_on_pipes();
    stage.ask(1, 11, "show neighbor summary");
    stage.pass(short_pause);
    stage.say({summary, "127.0.0.1       65001        down idle      0          0", "done"});
    stage.say(witness_answer);
    CHECK(stage.news() == Lines{"11: " + summary,
                                "11: 127.0.0.1       65001        down idle      0          0",
                                "11: DONE"});
    stage.ask(1, 12, "show neighbor summary");
    stage.say({summary});
    stage.pass(short_pause);
    stage.say(witness_answer);
    CHECK(stage.news() == Lines{"12: " + summary, "12: exabgp-failed"});
    CHECK(stage.dialogue.ready());
}

TEST_CASE("pipes: where another program reads the answers, a missing one proves nothing") {
    DialogueStage stage;
    stage.get_ready_on_pipes();
    stage.thief = true;
    stage.ask(1, 11, bad_line);
    stage.pass(short_pause);
    stage.say(witness_answer);
    CHECK(stage.news() == Lines{"11: outcome-unknown"});
    CHECK(stage.dialogue.ready());
}

TEST_CASE("pipes: a witness without an answer is as bad as a ping without one") {
    DialogueStage stage;
    stage.get_ready_on_pipes();
    stage.ask(1, 11, bad_line);
    stage.pass(short_pause);
    stage.say({"done"});  // of the command
    stage.ping();
    stage.ping();
    CHECK(stage.writes() == Lines{bad_line, witness, "version"});
    CHECK_FALSE(stage.dialogue.ready());
}

TEST_CASE("pipes: a trickle into the quiet is no sign of life, and in the end unusable") {
    DialogueStage stage;
    stage.dialogue.on_connected(stage.clock.steady());
    stage.say(version);
    CHECK(stage.dialogue.take_sign_of_life());
    CHECK(stage.dialogue.waits_for_quiet(stage.clock.steady()));
    for (int i = 0; i < 100; ++i) {
        stage.pass(fresh - 50ms);
        stage.dialogue.on_bytes(1, stage.clock.steady());
        stage.dialogue.on_tick(stage.clock.steady());
    }
    CHECK_FALSE(stage.dialogue.waits_for_quiet(stage.clock.steady()));
    CHECK_FALSE(stage.dialogue.take_sign_of_life());
    CHECK(stage.news().front() == "unusable");
}

TEST_CASE("pipes: a long answer makes progress while probes overtake it") {
    DialogueStage stage;
    stage.get_ready_on_pipes();
    stage.ask(1, 11, "show adj-rib out");
    stage.say({"neighbor 1.2.3.4 10.0.0.0/24"});
    stage.pass(short_pause);
    stage.ping();  // a fence that is never answered
    const std::string line(100, 'r');
    for (int i = 0; i < 60; ++i) {
        stage.pass(1s);
        stage.dialogue.on_bytes(line.size() + 1, stage.clock.steady());
        stage.say({line});
    }
    CHECK(stage.dialogue.commands_in_flight() == 1);
    CHECK(stage.dialogue.take_sign_of_life());
}

TEST_CASE("pipes: after a dead command everybody else comes first") {
    DialogueStage stage;
    stage.get_ready_on_pipes();
    stage.ask(1, 11, bad_line);
    stage.ask(1, 12, bad_line);
    stage.push(2, 21, "version", 1);
    stage.push(2, 22, "version", 1);
    stage.pass(short_pause);
    stage.say(witness_answer);
    stage.say(version);
    stage.say(version);
    CHECK(stage.writes() == Lines{bad_line, witness, "version", "version", bad_line});
}

TEST_CASE("what would end this ExaBGP is denied when its turn comes") {
    DialogueStage stage;
    stage.get_ready_on_pipes();
    stage.ask(1, 11, "flush adj-rib out");
    stage.ask(1, 12, "note shutdown");
    CHECK(stage.news() == Lines{"11: denied", "12: denied"});
    CHECK(stage.writes().empty());

    DialogueStage newer;
    newer.get_ready();
    newer.ask(1, 11, "flush adj-rib out");
    CHECK(newer.writes() == Lines{"flush adj-rib out"});
}

TEST_CASE("pipes: what was written when the helper died is unknown, what it had not read waits") {
    DialogueStage stage;
    stage.get_ready_on_pipes();
    const std::string line = "announce route 10.0.0.0/24 next-hop 1.2.3.4";
    stage.ask(1, 11, line);
    stage.close(line.size() + 1);
    CHECK(stage.news().empty());
    stage.writes();
    stage.dialogue.on_connected(stage.clock.steady());
    stage.say(version);
    stage.pass(fresh);
    stage.say(version);
    CHECK(stage.writes() == Lines{"system api version T3", "system api version T4", line});

    stage.close(3);  // the end of the line was not read, its beginning was
    CHECK(stage.news() == Lines{"ready 4.2 4.2.21", "11: outcome-unknown"});
    // The answer may go on through the next helper.
    stage.writes();
    stage.dialogue.on_connected(stage.clock.steady());
    stage.say(version);
    stage.pass(after_loss - 1ms);
    CHECK(stage.writes() == Lines{"system api version T5"});
}
