// SPDX-License-Identifier: BSD-3-Clause
// UpstreamDialogue under an ExaBGP that makes mistakes: no client gets a verdict that is not its
// own, and nothing is written twice. EXAPULSE_STRESS_COMMANDS says how many commands; 20,000 by
// default.
#include <cstdlib>
#include <random>
#include <set>

#include <doctest/doctest.h>

#include "tests/unit/daemon/upstream/dialogue_stage.hpp"

using namespace exapulse;
using namespace exapulse::test;
using namespace std::chrono_literals;

namespace {

std::string command_of(std::size_t id) {
    return fmt::format("peer * announce route {} next-hop 192.0.2.1", id);
}

/// What the faultless ExaBGP answers; the number is in the text.
bool is_error(std::size_t id) {
    return id % 7 == 3;
}

/// Answers what the dialogue writes, with a mistake now and then.
class Faulty : public DialogueStage {
  public:
    Faulty(std::uint64_t seed, int one_in)
        : DialogueStage(64, true), random_(seed), one_in_(one_in) {
        get_ready();
    }

    /// Answers all that has been written, and what is written in reply.
    void answer_all() {
        while (!heard.empty()) {
            const Lines lines = writes();
            for (const std::string& line : lines)
                if (!answer(line)) return;
            pump();
        }
    }

    std::size_t mistakes = 0;
    std::size_t pairs = 0;  // of mistakes that cancel each other out
    std::set<std::string> seen;
    bool twice = false;

  private:
    bool fails() { return random_() % static_cast<unsigned>(one_in_) == 0; }
    void line(const std::string& text) { dialogue.on_line(text, clock.steady()); }

    /// False when the connection was lost.
    bool answer(const std::string& text) {
        clock.advance(1ms);
        if (text.starts_with("system api version ")) {
            if (miscounted_ && echoes_since_ < 2) ++echoes_since_;
            if (fails()) return mistake_with_echo(text);
            line(fmt::format(R"({{"error": "Invalid version: {}"}})", text.substr(19)));
            line("error");
        } else if (text.starts_with("peer * announce ")) {
            twice = !seen.insert(text).second || twice;
            const std::size_t id = std::stoul(text.substr(22));
            if (std::exchange(owes_, false)) {
                line("done");
                own_answer(id);
                return true;
            }
            if (fails()) return mistake_with(id);
            own_answer(id);
        } else if (text.starts_with("session ping")) {
            line(R"({"pong": "A", "active": true})");
            line("done");
        } else {
            line("done");
        }
        return true;
    }
    void own_answer(std::size_t id) {
        if (is_error(id)) line(fmt::format("error: text of {}", id));
        line(is_error(id) ? "error" : "done");
    }
    bool mistake_with(std::size_t id) {
        ++mistakes;
        // Whoever has seen one wrong number of answers must not be fooled by a right one: one
        // terminator is left out here, and comes with the next command.
        if (echoes_since_ == 2 && random_() % 2 == 0) {
            ++pairs;
            owes_ = true;
            return true;
        }
        const auto kind = random_() % 5;
        miscounted_ = miscounted_ || kind < 3;
        switch (kind) {
            case 0:  // a terminator of nobody's before it
                line(random_() % 2 == 0 ? "done" : "error");
                own_answer(id);
                return true;
            case 1:  // and behind it
                own_answer(id);
                line(random_() % 2 == 0 ? "done" : "error");
                return true;
            case 2:  // no terminator
                return true;
            case 3:  // a line of somebody else's
                line("neighbor 192.0.2.7 up");
                own_answer(id);
                return true;
            default:
                return lose_connection();
        }
    }
    bool mistake_with_echo(const std::string& text) {
        ++mistakes;
        if (random_() % 2 == 0) return lose_connection();
        // Late, beyond the patience of everybody.
        pass(31s);
        line(fmt::format(R"({{"error": "Invalid version: {}"}})", text.substr(19)));
        line("error");
        return true;
    }
    bool lose_connection() {
        heard.clear();
        owes_ = false;
        miscounted_ = false;
        echoes_since_ = 0;
        close();
        dialogue.on_connected(clock.steady());
        return false;
    }

    std::mt19937_64 random_;
    int one_in_;
    bool miscounted_ = false;  // on this connection
    int echoes_since_ = 0;     // of the window with that mistake, and of the one after it
    bool owes_ = false;        // a terminator
};

void stress(std::uint64_t seed, int one_in, std::size_t commands) {
    CAPTURE(seed);
    CAPTURE(one_in);
    Faulty stage(seed, one_in);
    std::size_t wrong = 0;
    std::size_t verdicts = 0;
    std::size_t unknown = 0;
    const auto judge = [&] {
        for (const std::string& news : stage.news()) {
            const auto colon = news.find(": ");
            if (colon == news.npos) continue;  // of the dialogue itself
            const std::size_t id = std::stoul(news);
            const std::string said = news.substr(colon + 2);
            if (said == "DONE" || said == "ERROR") {
                ++verdicts;
                if ((said == "ERROR") != is_error(id)) ++wrong;
            } else if (said.starts_with("error: text of ")) {
                if (said != fmt::format("error: text of {}", id)) ++wrong;
            } else if (said == "outcome-unknown" || said == "not-sent") {
                ++verdicts;
                ++unknown;
            }
        }
    };
    std::size_t next = 0;
    while (next < commands) {
        for (const std::size_t batch = std::min(next + 64, commands); next < batch; ++next)
            stage.push(next % 3 + 1, next, command_of(next), 0);
        stage.pump();
        stage.answer_all();
        for (int i = 0; i < 10 && (!stage.heard.empty() || stage.queue.size() > 0); ++i) {
            stage.pass(500ms);  // for what is done in a pause
            stage.answer_all();
        }
        judge();
    }
    for (int i = 0; i < 100 && verdicts < commands; ++i) {
        stage.answer_all();
        stage.pass(1s);
        stage.ping();
        judge();
    }
    CHECK(wrong == 0);
    CHECK(verdicts == commands);  // exactly one each
    CHECK_FALSE(stage.twice);
    CHECK(stage.mistakes > 0);
    MESSAGE(commands << " commands, one mistake in " << one_in << ": " << stage.mistakes
                     << " mistakes (" << stage.pairs << " cancelled by another), " << unknown
                     << " outcomes unknown, " << wrong << " wrong");
}

}  // namespace

TEST_CASE(
    "windows under mistakes: no verdict is another's, none is missing, nothing is sent twice") {
    const char* asked = std::getenv("EXAPULSE_STRESS_COMMANDS");
    const std::size_t commands = asked != nullptr ? std::stoul(asked) : 20'000;
    stress(1, 100, commands);
    stress(2, 1'000, commands);
    stress(3, 5'000, commands);
}
