// SPDX-License-Identifier: BSD-3-Clause
// UpstreamDialogue: which command each line belongs to, as the flight recorder has it.
#include <doctest/doctest.h>

#include "tests/unit/daemon/upstream/dialogue_stage.hpp"

using namespace exapulse;
using namespace exapulse::test;
using namespace std::chrono_literals;

TEST_CASE("recorded: lines of exapulsed's own belong to nobody") {
    DialogueStage stage;
    stage.dialogue.on_connected(stage.clock.steady());
    CHECK(stage.recorded == Lines{"> " + stage.fence()});
    stage.say({stage.echo(), "error", "done", "done", R"({"error": "not in group block"})", "error",
               R"({"version": "6.0.0"})", "done"});
    stage.ping();
    CHECK(stage.recorded.back().starts_with("> session ping "));
    for (const std::string& line : stage.recorded) CHECK(line.starts_with("> "));
}

TEST_CASE("recorded: each line of an answer belongs to its command") {
    DialogueStage stage;
    stage.get_ready();
    stage.ask(1, 11, "peer list");
    stage.ask(2, 21, "bad");
    stage.say({"[]", "done"});
    stage.say({"error"});
    CHECK(stage.recorded ==
          Lines{"> 1/11 peer list", "< 1/11 ", "< 1/11 ", "> 2/21 bad", "< 2/21 "});
}

TEST_CASE("recorded: the answers to commands written together, and their echo") {
    DialogueStage stage(8, true);
    stage.get_ready();
    const std::string sent_line = "peer * announce route 10.0.0.0/24 next-hop 192.0.2.1";
    stage.push(1, 1, sent_line, 0);
    stage.push(2, 2, sent_line, 0);
    stage.pump();
    stage.say({"done", "error: no", "error", stage.echo(), "error"});
    CHECK(stage.recorded == Lines{"> 1/1 " + sent_line, "> 2/2 " + sent_line, "> " + stage.fence(),
                                  "< 1/1 ", "< 2/2 ", "< 2/2 "});
}

TEST_CASE("recorded: the answers of 4.2, and a command that loses its own") {
    DialogueStage stage;
    stage.get_ready_on_pipes();
    stage.ask(1, 11, "show neighbor summary");
    stage.say({"Peer", "done"});
    stage.ask(1, 12, "announce route 10.0.0.0/24 next-hop 192.0.2.1");
    stage.close();
    CHECK(stage.recorded == Lines{"> 1/11 show neighbor summary", "< 1/11 ", "< 1/11 ",
                                  "> 1/12 announce route 10.0.0.0/24 next-hop 192.0.2.1",
                                  "* 1/12 outcome-unknown"});
}

TEST_CASE("a command has the time when it was written, and none if no byte of it left") {
    struct Sink final : AnswerSink {
        void on_answer_line(const Command&, std::string_view) override {}
        void on_verdict(const Command& command, const Verdict&) override {
            written.push_back(command.written_at);
        }
        std::vector<std::optional<TimePoint>> written;
    } sink;
    DialogueStage stage;
    stage.get_ready();
    stage.ask(1, 11, "slow", AnswerShape::Terminated, &sink);
    const TimePoint asked = stage.clock.steady();
    stage.ask(1, 12, "peer list", AnswerShape::Terminated, &sink);
    stage.pass(100ms);
    stage.say({"done"});
    stage.close(10);  // of "peer list", to its LF
    stage.dialogue.abandon_waiting("it is late");
    CHECK(sink.written == std::vector<std::optional<TimePoint>>{asked, std::nullopt});
}
