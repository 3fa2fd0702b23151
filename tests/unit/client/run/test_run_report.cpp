// SPDX-License-Identifier: BSD-3-Clause
// RunReport: what stderr says about commands that failed.
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "client/run/run_report.hpp"

namespace exapulse::client {

using Texts = std::vector<std::string>;

TEST_SUITE("client run report") {
    TEST_CASE("a single command has no line number and no summary") {
        RunReport report;
        CHECK(report.add({"c"}, {ExitCode::Denied, "denied: x"}) == Texts{"denied: x"});
        CHECK_FALSE(report.summary().has_value());
        CHECK(report.worst() == ExitCode::Denied);
    }

    TEST_CASE("lines are counted, the worst is kept") {
        RunReport report;
        CHECK(report.add({"a", 1}, {}).empty());
        CHECK(report.add({"b", 3}, {ExitCode::OutcomeUnknown, "lost"}) == Texts{"line 3: b: lost"});
        CHECK(report.add({"c", 4}, {ExitCode::ExabgpError, "no"}) == Texts{"line 4: c: no"});
        CHECK(report.summary() == "2 of 3 lines failed: 3-4");
        CHECK(report.worst() == ExitCode::OutcomeUnknown);
    }

    TEST_CASE("lines that fail for the same reason, one after another, are told as one") {
        const Verdict lost{ExitCode::OutcomeUnknown, "lost"}, no{ExitCode::ExabgpError, "no"};
        RunReport report;
        CHECK(report.add({"a", 1}, lost) == Texts{"line 1: a: lost"});
        for (const std::size_t line : {2U, 3U, 5U}) CHECK(report.add({"b", line}, lost).empty());
        CHECK(report.add({"c", 6}, no) == Texts{"lines 2-5, 3 of them: the same", "line 6: c: no"});
        CHECK(report.add({"d", 7}, no).empty());
        CHECK(report.add({"e", 8}, {}) == Texts{"line 7: the same"});
        CHECK(report.add({"f", 9}, no) == Texts{"line 9: f: no"});
        CHECK_FALSE(report.folded().has_value());
        CHECK(report.add({"g", 10}, no).empty());
        CHECK(report.folded() == "line 10: the same");
        CHECK_FALSE(report.folded().has_value());
        CHECK(report.summary() == "8 of 9 lines failed: 1-3, 5-7, 9-10");
    }

    TEST_CASE("a reason that differs in a moment or a counter is the same") {
        RunReport report;
        const auto add = [&](std::size_t line, ExitCode code, const char* text) {
            return report.add({"a", line}, {code, text});
        };
        CHECK(add(1, ExitCode::NotSent, "away for 5.0s, see x").size() == 1);
        CHECK(add(2, ExitCode::NotSent, "away for 1m 5s, see x").empty());
        CHECK(add(3, ExitCode::NotSent, "away for 5s, see y").size() == 2);
        CHECK(add(4, ExitCode::Usage, "at position 5").size() == 1);
        CHECK(add(5, ExitCode::Usage, "at position 6").size() == 1);
    }

    TEST_CASE("nothing failed") {
        RunReport report;
        CHECK(report.add({"a", 1}, {}).empty());
        CHECK_FALSE(report.summary().has_value());
        CHECK(report.worst() == ExitCode::Done);
    }

    TEST_CASE("failed lines are told as ranges, and no more than can be read") {
        const Verdict failed{ExitCode::ExabgpError, "no"};
        RunReport report;
        for (const std::size_t line : {1U, 5U, 6U, 7U, 9U})
            static_cast<void>(report.add({"c", line}, failed));
        CHECK(report.summary() == "5 of 5 lines failed: 1, 5-7, 9");
        for (std::size_t line = 11; line <= 1'011; line += 2)
            static_cast<void>(report.add({"c", line}, failed));
        const std::string text = report.summary().value_or("");
        CHECK(text.ends_with(" and 484 more"));
        CHECK(text.size() < 200);
        CHECK(report.failed() == 506);
    }

    TEST_CASE("all done, and what --stop-on-error kept back") {
        RunReport report;
        static_cast<void>(report.add({"a", 1}, {}));
        CHECK(report.success(std::chrono::seconds(2)) == "1 command in 2.0s, all done");
        CHECK(RunReport::stopped_before(7) == "nothing from line 7 on was sent (--stop-on-error)");
    }

    TEST_CASE("a long command is cut, never inside a character") {
        const auto told = [](const std::string& command) {
            return RunReport().add({command, 1}, {ExitCode::ExabgpError, "no"}).at(0);
        };
        CHECK(told(std::string(60, 'x')) == "line 1: " + std::string(60, 'x') + ": no");
        CHECK(told(std::string(61, 'x')) == "line 1: " + std::string(60, 'x') + "...: no");
        CHECK(told(std::string(59, 'x') + "éé") == "line 1: " + std::string(59, 'x') + "...: no");
    }

    TEST_CASE("lines that were not sent") {
        RunReport report;
        CHECK(report.add_unsent_from(7, "interrupted")
                  .starts_with("line 7 and all after it: not-sent: interrupted"));
        CHECK(report.worst() == ExitCode::NotSent);
    }

    TEST_CASE("a batch that ended early is resumed at its first line that is not decided") {
        const std::string resume = "to resume, give the same batch with --from ";
        RunReport report;
        static_cast<void>(report.add({"a", 1}, {}));
        static_cast<void>(report.add({"b", 2}, {ExitCode::ExabgpError, "no"}));
        CHECK_FALSE(report.has_open());
        CHECK(report.resume(3) == resume + "3");
        static_cast<void>(report.add({"c", 4}, {ExitCode::NotSent, "away"}));
        CHECK(report.has_open());
        CHECK(report.resume(6) == resume + "4");
        CHECK(report.resume(3) == resume + "3");
        static_cast<void>(report.add({"d", 5}, {ExitCode::OutcomeUnknown, "lost"}));
        CHECK(report.resume(6) == resume + "4; that repeats lines whose outcome is unknown");
    }

    TEST_CASE("a command that is sent otherwise than given") {
        CHECK(respelled_text(0, "peer * announce x", "v6") ==
              "spelled \"peer * announce x\" (ExaBGP speaks v6)");
        CHECK(respelled_text(12, "version", "4.2") ==
              "line 12: spelled \"version\" (ExaBGP speaks 4.2)");
    }
}

}  // namespace exapulse::client
