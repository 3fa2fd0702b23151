// SPDX-License-Identifier: BSD-3-Clause
// BracketedAnswer: which of the answers on ExaBGP's pipes is the command's.
#include <doctest/doctest.h>

#include "daemon/upstream/dialogue/bracketed_answer.hpp"

using namespace exapulse;
using Outcome = BracketedAnswer::Outcome;
using Progress = BracketedAnswer::Progress;

namespace {

const DialectRules& rules = rules_of(Dialect::Pipes42);
const std::string route = "announce route 10.0.0.0/24 next-hop 192.0.2.1";
const std::string rib_line = "neighbor 192.0.2.1 ipv4 unicast 10.0.0.0/24";

std::shared_ptr<const Request> request(const std::string& text) {
    return std::make_shared<const Request>(text);
}

/// H: the first line of a witness's answer; d, e: terminators; x: another line.
Progress add(BracketedAnswer& bracket, std::string_view letters) {
    Progress last = Progress::None;
    for (const char letter : letters) {
        const std::string text = letter == 'H'   ? std::string(rules.witness_answer)
                                 : letter == 'd' ? "done"
                                 : letter == 'e' ? "error"
                                                 : rib_line;
        last = bracket.add(text, classify_reply(text));
    }
    return last;
}

}  // namespace

TEST_CASE("bracketed: a command is written between lines whose answers are known") {
    CHECK(BracketedAnswer(rules, request(route), 1000).text() ==
          "show neighbor none summary\n" + route +
              "\nshow neighbor none summary\nshow adj-rib out none\nshow neighbor none summary");
    const BracketedAnswer sweep(rules, nullptr, 1000);
    CHECK(sweep.text() == sweep.closing());
}

TEST_CASE("bracketed: its answer is told from those to other programs, or is unclear") {
    struct Row {
        std::string_view answers;
        Outcome alone, contended;
    };
    for (const Row& row : {
             Row{"HddHddHd", Outcome::Done, Outcome::Done},
             Row{"HdeHddHd", Outcome::Error, Outcome::Error},
             // Others' answers come before, a summary among them; or behind, and are not waited
             // for.
             Row{"deHdHddHddHd", Outcome::Done, Outcome::Done},
             Row{"HxxdHdeHddHd", Outcome::Error, Outcome::Error},
             // No answer: it died, was answered at once, or another's answer is for this one.
             Row{"HdHddHd", Outcome::None, Outcome::Unclear},
             Row{"eHdHddHd", Outcome::Error, Outcome::Unclear},
             Row{"dHdHddHd", Outcome::Done, Outcome::Unclear},
             Row{"deHdHddHd", Outcome::Unclear, Outcome::Unclear},
             // In the middle: what failed has not succeeded, whoever's the errors are.
             Row{"HdeeHddHd", Outcome::Error, Outcome::Error},
             Row{"HddeHddHd", Outcome::Unclear, Outcome::Unclear},
             Row{"HdddHddHd", Outcome::Unclear, Outcome::Unclear},
             Row{"HxddHddHd", Outcome::Unclear, Outcome::Unclear},
             Row{"HdxdHddHd", Outcome::Done, Outcome::Unclear},
         }) {
        CAPTURE(row.answers);
        BracketedAnswer bracket(rules, request(route), 1000);
        CHECK(add(bracket, row.answers.substr(0, row.answers.size() - 1)) != Progress::Complete);
        REQUIRE(add(bracket, row.answers.substr(row.answers.size() - 1)) == Progress::Complete);
        CHECK(bracket.outcome(true) == row.alone);
        CHECK(bracket.outcome(false) == row.contended);
    }
}

TEST_CASE("bracketed: the lines of an answer, and no other program's") {
    BracketedAnswer routes(rules, request("show adj-rib out"), 1000);
    REQUIRE(add(routes, "xxdHdxxdHddHd") == Progress::Complete);
    CHECK(routes.outcome(false) == Outcome::Done);
    CHECK(routes.lines() == std::vector<std::string>{rib_line, rib_line});

    BracketedAnswer summary(rules, request("show neighbor summary"), 1000);
    CHECK(add(summary, "HxxxdHdHxd") == Progress::Step);
    REQUIRE(add(summary, "HddHd") == Progress::Complete);
    CHECK(summary.outcome(false) == Outcome::Done);
    CHECK(summary.lines() == std::vector<std::string>{std::string(rules.witness_answer), rib_line});

    BracketedAnswer bounded(rules, request("show adj-rib out"), rib_line.size());
    REQUIRE(add(bounded, "HdxdHddHd") == Progress::Complete);
    CHECK(bounded.outcome(true) == Outcome::Unclear);
}

TEST_CASE("bracketed: others' summaries do not use up the room for the answer") {
    BracketedAnswer routes(rules, request("show adj-rib out"), rib_line.size() + 1);
    add(routes, "HxdHxdHxdHxdHxd");
    REQUIRE(add(routes, "HdxdHddHd") == Progress::Complete);
    CHECK(routes.outcome(false) == Outcome::Done);
}

TEST_CASE("bracketed: a sweep is complete when all before it has been answered") {
    BracketedAnswer sweep(rules, nullptr, 1000);
    CHECK(add(sweep, "exdHdeHd") != Progress::Complete);
    CHECK(add(sweep, "HddHd") == Progress::Complete);
}
