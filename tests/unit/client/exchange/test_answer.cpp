// SPDX-License-Identifier: BSD-3-Clause
// AnswerReader: answers as conversations.
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "client/exchange/answer.hpp"

namespace exapulse::client {

namespace {

using Lines = std::vector<std::string>;

struct AnswerRow {
    std::string name;
    Lines lines;
    Lines data;
    ExitCode code;
    const char* text;  // must stand in the verdict's text; null: the text is empty
};

}  // namespace

TEST_SUITE("client answer") {
    TEST_CASE("one answer") {
        const std::vector<AnswerRow> rows{
            {"nothing but done", {"done"}, {}, ExitCode::Done, nullptr},
            {"data", {"a", "", "b", "done"}, {"a", "", "b"}, ExitCode::Done, nullptr},
            {"bare error", {"error"}, {}, ExitCode::ExabgpError, "gave no reason"},
            {"data, then error", {"a", "error"}, {"a"}, ExitCode::ExabgpError, "gave no reason"},
            {"text detail",
             {"error: route bad", "error"},
             {},
             ExitCode::ExabgpError,
             "ExaBGP said error: route bad"},
            {"JSON detail",
             {R"({"error": "Invalid \"x\""})", "error"},
             {},
             ExitCode::ExabgpError,
             R"(ExaBGP said error: Invalid "x")"},
            {"broken JSON detail",
             {R"({"error": )", "error"},
             {},
             ExitCode::ExabgpError,
             R"({"error": )"},
            {"a detail that none is", {"error: x", "done"}, {"error: x"}, ExitCode::Done, nullptr},
            {"the last of two details",
             {"error: x", "error: y", "error"},
             {"error: x"},
             ExitCode::ExabgpError,
             "error: y"},
            {"a terminator is the whole line",
             {"undone", "done ", "errors", "done"},
             {"undone", "done ", "errors"},
             ExitCode::Done,
             nullptr},
            {"not sent",
             {"error: not-sent: away", "error"},
             {},
             ExitCode::NotSent,
             "not-sent: away"},
            {"outcome unknown",
             {"error: outcome-unknown: lost", "error"},
             {},
             ExitCode::OutcomeUnknown,
             "outcome-unknown: lost"},
            {"denied", {"error: denied: why", "error"}, {}, ExitCode::Denied, "denied: why"},
            {"busy", {"error: busy: limit", "error"}, {}, ExitCode::Limit, "busy: limit"},
            {"too long", {"error: too-long: x", "error"}, {}, ExitCode::Limit, "too-long: x"},
            {"bad input", {"error: bad-input: x", "error"}, {}, ExitCode::Usage, "bad-input: x"},
            {"unknown verb",
             {"error: unknown-verb: x", "error"},
             {},
             ExitCode::Usage,
             "unknown-verb: x"},
            {"ExaBGP failed",
             {"error: exabgp-failed: x", "error"},
             {},
             ExitCode::ExabgpError,
             "exabgp-failed: x"},
        };
        for (const AnswerRow& row : rows) {
            CAPTURE(row.name);
            AnswerReader reader;
            Lines data;
            const auto keep = [&](std::string_view line) { data.emplace_back(line); };
            for (std::size_t i = 0; i + 1 < row.lines.size(); ++i)
                CHECK_FALSE(reader.feed(row.lines[i], keep).has_value());
            const auto verdict = reader.feed(row.lines.back(), keep);
            REQUIRE(verdict.has_value());
            CHECK(verdict->code == row.code);
            CHECK(data == row.data);
            if (row.text == nullptr)
                CHECK(verdict->text.empty());
            else
                CHECK_MESSAGE(verdict->text.find(row.text) != std::string::npos, verdict->text);
        }
    }

    TEST_CASE("a verdict says who gives it, and its words change nothing") {
        const auto verdict_of = [](const Lines& lines) {
            AnswerReader reader;
            std::optional<Verdict> verdict;
            for (const std::string& line : lines)
                verdict = reader.feed(line, [](std::string_view) {});
            return *verdict;
        };
        const Verdict done = verdict_of({"done"});
        CHECK(done.source == Verdict::Source::Exabgp);
        CHECK_FALSE(done.error);
        const Verdict error = verdict_of({"error: no sidecar verb, repeat it", "error"});
        CHECK(error.source == Verdict::Source::Exabgp);
        CHECK_FALSE(error.error);
        const Verdict coded = verdict_of({"error: outcome-unknown: any words", "error"});
        CHECK(coded.source == Verdict::Source::Exapulsed);
        CHECK(coded.error == ErrorCode::OutcomeUnknown);
        CHECK(coded.text == "outcome-unknown: any words");
        CHECK(connection_lost().source == Verdict::Source::Client);
    }

    TEST_CASE("a detail does not reach into the next answer") {
        AnswerReader reader;
        const auto ignore = [](std::string_view) {};
        CHECK_FALSE(reader.feed("error: denied: x", ignore).has_value());
        CHECK(reader.feed("error", ignore)->code == ExitCode::Denied);
        CHECK(reader.feed("error", ignore)->code == ExitCode::ExabgpError);
        CHECK(reader.feed("done", ignore)->code == ExitCode::Done);
    }
}

}  // namespace exapulse::client
