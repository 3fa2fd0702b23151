// SPDX-License-Identifier: BSD-3-Clause
// CommandExchange: the window, order, and the end of a connection.
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "client/command_exchange.hpp"

namespace exapulse::client {

namespace {

// An exchange whose results are kept, and whose bytes are written when the test says so.
struct Fixture {
    std::vector<std::string> data;
    std::vector<std::pair<std::size_t, ExitCode>> verdicts;
    CommandExchange exchange{[this](std::string_view line) { data.emplace_back(line); },
                             [this](const Command& command, const Verdict& verdict) {
                                 verdicts.emplace_back(command.line, verdict.code);
                             }};

    void add_lines(std::size_t first, std::size_t last) {
        for (std::size_t line = first; line <= last; ++line)
            exchange.add({"c" + std::to_string(line), line});
    }
    std::string write_all() {
        std::string written;
        while (!exchange.outgoing().empty()) {
            written += exchange.outgoing();
            exchange.wrote(exchange.outgoing().size());
        }
        return written;
    }
};

const Verdict lost{ExitCode::OutcomeUnknown, "lost"};

}  // namespace

TEST_SUITE("client command exchange") {
    TEST_CASE_FIXTURE(Fixture, "a command goes out whole and gets its answer") {
        exchange.add({"peer list"});
        CHECK(exchange.waiting());
        CHECK(write_all() == "peer list\n");
        exchange.feed("one\ntw");
        exchange.feed("o\ndone");
        CHECK(exchange.waiting());
        exchange.feed("\n");
        CHECK_FALSE(exchange.waiting());
        CHECK(data == std::vector<std::string>{"one", "two"});
        REQUIRE(verdicts.size() == 1);
        CHECK(verdicts[0] == std::pair(std::size_t{0}, ExitCode::Done));
    }

    TEST_CASE_FIXTURE(Fixture, "one command until the first answer, then the window") {
        add_lines(1, 200);
        CHECK(write_all() == "c1\n");
        CHECK_FALSE(exchange.wants_more());

        exchange.feed("done\n");
        const std::string written = write_all();
        CHECK(written.starts_with("c2\n"));
        CHECK(written.ends_with("c65\n"));
        exchange.feed("done\ndone\n");
        CHECK(write_all() == "c66\nc67\n");
        CHECK(exchange.first_unsent() == 68);
    }

    TEST_CASE_FIXTURE(Fixture, "answers belong to commands in order") {
        add_lines(1, 3);
        write_all();
        exchange.feed("done\n");
        write_all();
        exchange.feed("error: denied: x\nerror\ndone\n");
        using Rows = std::vector<std::pair<std::size_t, ExitCode>>;
        CHECK(verdicts == Rows{{1, ExitCode::Done}, {2, ExitCode::Denied}, {3, ExitCode::Done}});
        CHECK(exchange.wants_more());
    }

    TEST_CASE_FIXTURE(Fixture, "long lines do not pile up in memory") {
        exchange.add({"first"});
        write_all();
        for (std::size_t line = 1; line <= 10; ++line)
            exchange.add({std::string(60'000, 'x'), line});
        exchange.feed("done\n");
        CHECK(exchange.outgoing().size() < 130'000);
        CHECK(write_all().size() == 600'010);
    }

    TEST_CASE_FIXTURE(Fixture, "a lost connection: sent whole is unknown, the rest is not sent") {
        add_lines(1, 5);
        write_all();
        exchange.feed("done\n");
        REQUIRE(exchange.outgoing() == "c2\nc3\nc4\nc5\n");
        exchange.wrote(7);  // c2, c3 and the first byte of c4
        exchange.give_up(lost);
        using Rows = std::vector<std::pair<std::size_t, ExitCode>>;
        CHECK(verdicts == Rows{{1, ExitCode::Done},
                               {2, ExitCode::OutcomeUnknown},
                               {3, ExitCode::OutcomeUnknown}});
        CHECK(exchange.first_unsent() == 4);
        CHECK_FALSE(exchange.waiting());
    }

    TEST_CASE_FIXTURE(Fixture, "a line without its LF was not sent") {
        exchange.add({"abc", 1});
        exchange.wrote(3);
        exchange.give_up(lost);
        CHECK(verdicts.empty());
        CHECK(exchange.first_unsent() == 1);
    }

    TEST_CASE_FIXTURE(Fixture, "a connection refused before anything was sent") {
        exchange.feed("error: busy: limits.clients\nerror\n");
        REQUIRE(verdicts.size() == 1);
        CHECK(verdicts[0] == std::pair(std::size_t{0}, ExitCode::Limit));
    }
}

}  // namespace exapulse::client
