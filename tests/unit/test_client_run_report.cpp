// SPDX-License-Identifier: BSD-3-Clause
// RunReport: what stderr says about commands that failed.
#include <string>

#include <doctest/doctest.h>

#include "client/run/run_report.hpp"

namespace exapulse::client {

TEST_SUITE("client run report") {
    TEST_CASE("a single command has no line number and no summary") {
        RunReport report;
        CHECK(report.add({"c"}, {ExitCode::Denied, "denied: x"}) == "denied: x");
        CHECK_FALSE(report.summary().has_value());
        CHECK(report.worst() == ExitCode::Denied);
    }

    TEST_CASE("lines are counted, the worst is kept") {
        RunReport report;
        CHECK_FALSE(report.add({"a", 1}, {}).has_value());
        CHECK(report.add({"b", 3}, {ExitCode::OutcomeUnknown, "lost"}) == "line 3: b: lost");
        CHECK(report.add({"c", 4}, {ExitCode::ExabgpError, "no"}) == "line 4: c: no");
        CHECK(report.summary() == "2 of 3 lines failed: 3-4");
        CHECK(report.worst() == ExitCode::OutcomeUnknown);
    }

    TEST_CASE("nothing failed") {
        RunReport report;
        CHECK_FALSE(report.add({"a", 1}, {}).has_value());
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
        CHECK(RunReport::stopped_before(7) ==
              "line 7 and all after it were not sent (--stop-on-error)");
    }

    TEST_CASE("a long command is cut, never inside a character") {
        RunReport report;
        const Verdict failed{ExitCode::ExabgpError, "no"};
        CHECK(report.add({std::string(60, 'x'), 1}, failed) ==
              "line 1: " + std::string(60, 'x') + ": no");
        CHECK(report.add({std::string(61, 'x'), 2}, failed) ==
              "line 2: " + std::string(60, 'x') + "...: no");
        CHECK(report.add({std::string(59, 'x') + "éé", 3}, failed) ==
              "line 3: " + std::string(59, 'x') + "...: no");
    }

    TEST_CASE("lines that were not sent") {
        RunReport report;
        CHECK(report.add_unsent_from(7).starts_with("line 7 and all after it: not-sent: "));
        CHECK(report.add_unsent_from(0).starts_with("not-sent: "));
        CHECK(report.worst() == ExitCode::NotSent);
    }

    TEST_CASE("a command that is sent otherwise than given") {
        CHECK(RunReport::respelled(0, "peer * announce x", "v6") ==
              "sent as \"peer * announce x\" (ExaBGP speaks v6)");
        CHECK(RunReport::respelled(12, "version", "4.2") ==
              "line 12: sent as \"version\" (ExaBGP speaks 4.2)");
    }
}

}  // namespace exapulse::client
