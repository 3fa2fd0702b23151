// SPDX-License-Identifier: BSD-3-Clause
// UpstreamDialogue: commands that are written to ExaBGP 6 together, and what can go wrong with
// them.
#include <doctest/doctest.h>

#include "tests/unit/daemon/upstream/dialogue_stage.hpp"

using namespace exapulse;
using namespace exapulse::test;
using namespace std::chrono_literals;

namespace {

std::string announce(CommandId id) {
    return fmt::format("peer * announce route 10.0.{}.0/24 next-hop 192.0.2.1", id);
}

/// An ExaBGP that was found to answer several lines of one write.
struct Windows : DialogueStage {
    explicit Windows(std::size_t in_flight = 8) : DialogueStage(in_flight, true) { get_ready(); }

    /// All of them wait when the dialogue looks: those of one turn of the loop.
    void ask_at_once(CommandId first, CommandId last, SessionId owner = 1) {
        for (CommandId id = first; id <= last; ++id) push(owner, id, announce(id), 0);
        writings = 0;
        pump();
    }
    [[nodiscard]] std::size_t count(const Lines& lines, const std::string& end) const {
        return static_cast<std::size_t>(std::count_if(
            lines.begin(), lines.end(), [&](const std::string& l) { return l.ends_with(end); }));
    }
};

}  // namespace

TEST_CASE("windows: two of them in one write, each with one echo behind it") {
    Windows stage;
    stage.ask_at_once(1, 12);
    CHECK(stage.writings == 1);
    CHECK(stage.writes() == Lines{announce(1), announce(2), announce(3), announce(4),
                                  stage.fence(1), announce(5), announce(6), announce(7),
                                  announce(8), stage.fence()});
    CHECK(stage.dialogue.commands_in_flight() == 8);

    stage.say({"done", "error: no", "error", "done", "done"});
    CHECK(stage.news().empty());  // the echo has not come
    CHECK(stage.writes().empty());
    stage.say({stage.echo(1), "error"});
    CHECK(stage.news() == Lines{"1: DONE", "2: error: no", "2: ERROR", "3: DONE", "4: DONE"});
    // The next window leaves while the second is being answered.
    CHECK(stage.writes() ==
          Lines{announce(9), announce(10), announce(11), announce(12), stage.fence()});
    stage.say({"done", "done", "done", "done", stage.echo(1), "error"});
    CHECK(stage.news() == Lines{"5: DONE", "6: DONE", "7: DONE", "8: DONE"});
    stage.say({"done", "done", "done", "done", stage.echo(), "error"});
    CHECK(stage.news().size() == 4);
    CHECK(stage.dialogue.commands_in_flight() == 0);
    CHECK(stage.remarks.empty());
}

TEST_CASE("windows: a terminator that is nobody's costs its window, and nobody else") {
    for (const std::size_t place : {0U, 2U, 4U}) {
        CAPTURE(place);
        Windows stage;
        stage.ask_at_once(1, 8);
        Lines answers{"done", "error", "done", "done"};
        answers.insert(answers.begin() + static_cast<std::ptrdiff_t>(place), "done");
        stage.say(answers);
        CHECK(stage.news().empty());
        stage.say({stage.echo(1), "error"});
        CHECK(stage.news() == Lines{"1: outcome-unknown", "2: outcome-unknown",
                                    "3: outcome-unknown", "4: outcome-unknown"});
        CHECK(stage.reason.find("more answers") != std::string::npos);
        stage.say({"done", "error", "done", "done", stage.echo(), "error"});
        CHECK(stage.news() == Lines{"5: DONE", "6: ERROR", "7: DONE", "8: DONE"});
        CHECK(stage.dialogue.ready());
    }
}

TEST_CASE("windows: a terminator that does not come costs its window, and nobody else") {
    Windows stage;
    stage.ask_at_once(1, 8);
    stage.say({"done", "done", "error: text of the fourth", "error", stage.echo(1), "error"});
    // The text may be another's, so nobody gets it.
    CHECK(stage.news() == Lines{"1: outcome-unknown", "2: outcome-unknown", "3: outcome-unknown",
                                "4: outcome-unknown"});
    CHECK(stage.reason.find("fewer answers") != std::string::npos);
    stage.say({"done", "done", "done", "done", stage.echo(), "error"});
    CHECK(stage.count(stage.news(), ": DONE") == 4);
}

TEST_CASE("windows: after a wrong number of answers commands go one by one, for many of them") {
    Windows stage;
    stage.ask_at_once(1, 4);
    stage.say({"done", "done", "done", "done", "error", stage.echo(), "error"});
    stage.news();
    stage.writes();
    const auto reconnect = [&] {
        stage.close();
        stage.get_ready();
    };
    reconnect();
    stage.ask_at_once(1, 2);
    CHECK(stage.writes() == Lines{announce(1), stage.fence()});
    stage.say({"done", stage.echo(), "error"});
    for (std::size_t i = 1; i < OrderedProtocol::one_by_one_for; ++i) {
        CHECK(stage.dialogue.commands_in_flight() == 1);
        stage.say({"done", stage.echo(), "error"});
        stage.ask_at_once(1, 1);
    }
    CHECK(stage.count(stage.news(), ": DONE") == OrderedProtocol::one_by_one_for);
    stage.say({"done", stage.echo(), "error"});
    stage.writes();
    stage.ask_at_once(1, 3);
    CHECK(stage.writes() == Lines{announce(1), announce(2), announce(3), stage.fence()});
}

TEST_CASE("windows: an ExaBGP that miscounted gets none until the next connection") {
    Windows stage;
    SUBCASE("a terminator too many") {
        stage.ask_at_once(1, 2);
        stage.say({"done", "done", "error", stage.echo(), "error"});
    }
    SUBCASE("a terminator too few") {
        stage.ask_at_once(1, 2);
        stage.say({"done", stage.echo(), "error"});
    }
    SUBCASE("one too many of a command that went alone") {
        stage.ask(1, 1, "daemon reload");
        stage.say({"done", "error", stage.echo(), "error"});
    }
    SUBCASE("one that nobody waits for") {
        stage.say({"done"});
        stage.say({stage.echo(), "error", "done", "done", "error", "done"});
        REQUIRE(stage.dialogue.ready());
    }
    for (std::size_t i = 0; i < OrderedProtocol::one_by_one_for; ++i) {
        stage.ask_at_once(1, 1);
        stage.say({"done", stage.echo(), "error"});
    }
    stage.news();
    stage.writes();
    // One too many and one too few: together they would look like two answers.
    stage.ask_at_once(1, 2);
    CHECK(stage.writes() == Lines{announce(1), stage.fence()});
    stage.say({stage.echo(), "error"});
    CHECK(stage.writes() == Lines{announce(2), stage.fence()});
    stage.say({"done", "error", stage.echo(), "error"});
    CHECK(stage.news() == Lines{"1: outcome-unknown", "2: outcome-unknown"});
}

TEST_CASE("windows: the connection is lost in the middle of one") {
    Windows stage;
    stage.ask_at_once(1, 12);
    stage.say({"done", "error"});
    SUBCASE("all had left: which of the answers was whose is not proved") {
        stage.close();
        CHECK(stage.count(stage.news(), ": outcome-unknown") == 8);
        CHECK(stage.queue.size() == 4);
    }
    SUBCASE("of the second window only the first command had left") {
        const std::size_t left_out = announce(6).size() * 3 + 3 + stage.fence().size() + 1;
        stage.close(left_out);
        CHECK(stage.news() == Lines{"1: outcome-unknown", "2: outcome-unknown",
                                    "3: outcome-unknown", "4: outcome-unknown",
                                    "5: outcome-unknown"});
        CHECK(stage.queue.size() == 7);
        stage.get_ready();  // written in their order, and nothing twice
        stage.say({"done"});
        CHECK(stage.dialogue.commands_in_flight() == 7);
    }
    SUBCASE("the first window was proved") {
        stage.say({"done", "done", stage.echo(1), "error"});
        CHECK(stage.news().size() == 4);
        stage.close();
        CHECK(stage.count(stage.news(), ": outcome-unknown") == 8);
    }
}

TEST_CASE("windows: the deadline of each runs from its own write") {
    Windows stage;
    stage.ask_at_once(1, 4);
    stage.pass(20s);
    stage.ask_at_once(5, 8);
    stage.pass(10s);
    CHECK(stage.news() == Lines{"1: outcome-unknown", "2: outcome-unknown", "3: outcome-unknown",
                                "4: outcome-unknown"});
    CHECK(stage.dialogue.ready());
    // ExaBGP goes on: the late answers are nobody's, those behind them reach their askers.
    stage.say({"done", "error", "error: text", "error", "done", stage.echo(1), "error"});
    CHECK(stage.news().empty());
    stage.say({"error", "done", "done", "done", stage.echo(), "error"});
    CHECK(stage.news() == Lines{"5: ERROR", "6: DONE", "7: DONE", "8: DONE"});
    CHECK(stage.dialogue.ready());
}

TEST_CASE("windows: an ExaBGP that hangs costs each command one verdict") {
    Windows stage;
    stage.ask_at_once(1, 8);
    stage.pass(31s);
    CHECK(stage.count(stage.news(), ": outcome-unknown") == 8);
    CHECK_FALSE(stage.dialogue.ready());
    stage.say({"done", "done"});  // late: before the echo of the new fence
    CHECK(stage.news().empty());
}

TEST_CASE("windows: the echo is lost though all answers have come") {
    Windows stage;
    stage.ask_at_once(1, 4);
    stage.say({"done", "done", "done", "done"});
    stage.pass(31s);
    CHECK(stage.count(stage.news(), ": outcome-unknown") == 4);
    CHECK_FALSE(stage.dialogue.ready());
}

TEST_CASE("windows: only brief commands share a fence, and nothing overtakes the others") {
    Windows stage;
    stage.push(1, 1, announce(1), 0);
    stage.push(1, 2, "peer * withdraw route 10.0.0.0/24 next-hop 192.0.2.1", 0);
    stage.push(1, 3, "rib show out", 0);
    stage.push(1, 4, announce(4), 0);
    stage.pump();
    const Lines written = stage.writes();
    REQUIRE(written.size() == 5);
    CHECK(written[2] == stage.fence(1));
    CHECK(written[3] == "rib show out");
    CHECK(written[4] == stage.fence());
    stage.say({"done", "done", stage.echo(1), "error", "route"});
    // Its lines are passed on as they come, and the next command waits for its end.
    CHECK(stage.news() == Lines{"1: DONE", "2: DONE", "3: route"});
    CHECK(stage.writes().empty());
    stage.say({"done"});
    CHECK(stage.writes() == Lines{announce(4), stage.fence()});

    for (const char* line : {"peer * routes list", "peer * teardown 6", "daemon reload",
                             "peer * announce route 10.0.0.0/24 next-hop 192.0.2.1 sync"}) {
        CAPTURE(std::string(line));
        Windows other;
        other.push(1, 1, line, 0);
        other.push(1, 2, announce(2), 0);
        other.pump();
        CHECK(other.writes() == Lines{line, other.fence()});
    }
}

TEST_CASE("windows: their bytes are limited, and one long command still goes") {
    Windows stage(64);
    const std::string big = announce(1) + " community [" + std::string(20'000, ' ') + "]";
    for (CommandId id = 1; id <= 4; ++id) stage.push(1, id, big, 0);
    stage.pump();
    CHECK(stage.writes().size() == 4);  // two windows of one
    CHECK(stage.dialogue.commands_in_flight() == 2);
}

TEST_CASE("windows: answers that are too long to be held cost one command its verdict") {
    Windows stage;
    stage.ask_at_once(1, 3);
    stage.say({"done", std::string(InFlight::most_held + 1, 'x'), "done", "short", "done",
               stage.echo(), "error"});
    CHECK(stage.news() == Lines{"1: DONE", "2: outcome-unknown", "3: short", "3: DONE"});
}

TEST_CASE("windows: a client with many commands delays another's by one window at most") {
    Windows stage;
    stage.ask_at_once(1, 200, 1);
    stage.push(2, 500, announce(500), 0);
    stage.pump();
    std::size_t before = 0;
    for (bool seen = false; !seen;) {
        stage.say({"done", "done", "done", "done", stage.echo(1), "error"});
        for (const std::string& news : stage.news()) {
            seen = seen || news.starts_with("500:");
            if (!seen) ++before;
        }
        REQUIRE(before < 20);
    }
    CHECK(before <= 9);  // those in flight when it came, and one turn
}

TEST_CASE("windows: a ping goes when no answer is due, so that its pong is about ExaBGP alone") {
    Windows stage;
    stage.ask_at_once(1, 12);
    stage.writes();
    stage.ping();
    CHECK(stage.writes().empty());
    stage.say({"done", "done", "done", "done", stage.echo(1), "error"});
    CHECK(stage.writes().empty());
    stage.say({"done", "done", "done", "done"});
    CHECK(stage.writes() == Lines{"session ping client-uuid 1700000000"});
    stage.say({stage.echo(), "error", R"({"pong": "A", "active": true})", "done"});
    CHECK(stage.writes().size() == 5);
    CHECK(stage.count(stage.news(), "pong A") == 1);
}

TEST_CASE("windows: whoever waits for the names of peers lets other sessions pass") {
    Windows stage;
    stage.push(1, 1, "peer 10.0.0.2 announce route 10.0.0.0/24 next-hop 192.0.2.9", 0);
    stage.push(1, 2, announce(2), 0);
    stage.push(2, 3, announce(3), 0);
    stage.push(2, 4, announce(4), 0);
    stage.pump();
    CHECK(stage.writes() ==
          Lines{"daemon status", stage.fence(1), announce(3), announce(4), stage.fence()});
    const std::string second = stage.echo();
    const std::string names =
        R"({"version": "6.0.0", "peers": {"neighbor 10.0.0.2 local-ip 10.0.0.1 local-as 65001 )"
        R"(peer-as 65002 router-id 10.0.0.9 family-allowed in-open": "IDLE"}})";
    stage.say({names, "done", stage.echo(1), "error"});
    const Lines written = stage.writes();
    // Its own go in their order.
    CHECK(written == Lines{"peer 10.0.0.2 announce route 10.0.0.0/24 next-hop 192.0.2.9",
                           announce(2), stage.fence()});
    stage.say({"done", "done", second, "error", "done", "done", stage.echo(), "error"});
    CHECK(stage.news() == Lines{"3: DONE", "4: DONE", "1: DONE", "2: DONE"});
}

TEST_CASE("an ExaBGP that answers only the first line of a write gets one line at a time") {
    DialogueStage stage(64, true);
    stage.dialogue.on_connected(stage.clock.steady());
    stage.say({stage.echo(), "error", "done", "done", "error", "done"});
    CHECK_FALSE(stage.dialogue.ready());
    stage.writes();
    stage.say({stage.echo(1), "error"});  // and the second of the two never
    stage.pass(PipeliningProof::patience);
    CHECK(stage.writes() == Lines{stage.fence()});
    CHECK(stage.remarks.size() == 1);
    stage.say({stage.echo(), "error", "done", "done", "error", "done"});
    CHECK(stage.dialogue.ready());
    stage.writes();
    stage.news();

    // A fence right behind a command would get no echo: it follows the answer.
    stage.push(1, 1, announce(1), 0);
    stage.push(1, 2, announce(2), 0);
    stage.pump();
    CHECK(stage.writes() == Lines{announce(1)});
    stage.say({"done"});
    CHECK(stage.news().empty());
    CHECK(stage.writes() == Lines{stage.fence()});
    stage.say({stage.echo()});
    CHECK(stage.news() == Lines{"1: DONE"});
    CHECK(stage.writes().empty());
    stage.say({"error"});
    CHECK(stage.writes() == Lines{announce(2)});
    stage.say({"error"});
    stage.say({stage.echo(), "error"});
    CHECK(stage.news() == Lines{"2: ERROR"});

    SUBCASE("a terminator that is nobody's costs one verdict") {
        stage.ask(1, 3, announce(3));
        stage.say({"done", "error"});
        stage.say({stage.echo(), "error"});
        CHECK(stage.news() == Lines{"3: outcome-unknown"});
    }

    SUBCASE("an answer without a terminator ends by a fence that is written alone") {
        stage.writes();
        stage.ask(1, 3, "peer * routes list", AnswerShape::Irregular);
        stage.say({"[]"});
        CHECK(stage.writes() == Lines{"peer * routes list"});
        stage.pass(short_pause);
        CHECK(stage.writes() == Lines{stage.fence()});
        stage.say({stage.echo(), "error"});
        CHECK(stage.news() == Lines{"3: []", "3: DONE"});
    }
    SUBCASE("after a slow answer the step is found again: the fence behind it may be lost or not") {
        stage.ask(1, 3, "peer list");
        stage.pass(short_pause);
        stage.writes();
        stage.say({"[]", "done"});
        CHECK(stage.news() == Lines{"3: []", "3: DONE"});
        CHECK(stage.writes() == Lines{stage.fence()});
        stage.say({stage.echo(1), "error", stage.echo(), "error", "done", "done", "error", "done"});
        CHECK(stage.dialogue.ready());
        stage.ask(1, 4, "peer list");
        stage.say({"[]", "done"});
        stage.say({stage.echo(), "error"});
        CHECK(stage.news().back() == "4: DONE");
    }
    SUBCASE("each connection is asked anew") {
        stage.close();
        stage.get_ready();
        stage.push(1, 5, announce(5), 0);
        stage.push(1, 6, announce(6), 0);
        stage.pump();
        CHECK(stage.writes() == Lines{announce(5), announce(6), stage.fence()});
    }
}
