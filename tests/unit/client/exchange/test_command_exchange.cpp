// SPDX-License-Identifier: BSD-3-Clause
// CommandExchange: the window, order, the question about the dialect, and the end of a connection.
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "client/exchange/command_exchange.hpp"

namespace exapulse::client {

namespace {

using Rows = std::vector<std::pair<std::size_t, ExitCode>>;

// An exchange whose results are kept, and whose bytes are written when the test says so.
struct Fixture {
    explicit Fixture(Speller speller = {}) : speller_(std::move(speller)) {}

    std::vector<std::string> data;
    Rows verdicts;
    Speller speller_;
    CommandExchange exchange{[this](std::string_view line) { data.emplace_back(line); },
                             [this](const Command& command, const Verdict& verdict) {
                                 verdicts.emplace_back(command.line, verdict.code);
                             },
                             std::move(speller_)};

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

// One that spells, and keeps what it says about that.
struct Spelling : Fixture {
    Spelling()
        : Fixture(
              Speller([this](std::size_t line, std::string_view sent, std::string_view dialect) {
                  told.push_back(std::to_string(line) + " " + std::string(sent) + " " +
                                 std::string(dialect));
              })) {}

    // Strictly one at a time, as if exapulsed were slow.
    std::string answer(const std::string& bytes) {
        exchange.feed(bytes);
        return write_all();
    }

    std::vector<std::string> told;
};

constexpr const char* speaks_v6 = "{\"state\": \"up\", \"dialect\": \"v6\"}\ndone\n";

const Verdict lost_verdict{ExitCode::OutcomeUnknown, "lost"};

}  // namespace

TEST_SUITE("client command exchange") {
    TEST_CASE("a query has no outcome to be in doubt about") {
        std::vector<Verdict> verdicts;
        CommandExchange exchange([](std::string_view) {},
                                 [&](const Command&, const Verdict& v) { verdicts.push_back(v); });
        const auto lose = [&](const char* command, const Verdict& verdict) {
            exchange.add({command});
            exchange.wrote(exchange.outgoing().size());
            exchange.give_up(verdict);
            return verdicts.back();
        };
        const Verdict query = lose("sidecar status", connection_lost());
        CHECK(query.code == ExitCode::NotSent);
        CHECK(query.text.starts_with("no answer: exapulsed closed the connection"));
        CHECK(query.text.ends_with("a query changes nothing, it is safe to repeat"));
        CHECK(lose("sidecar peers", given_up("interrupted")).code == ExitCode::NotSent);
        const Verdict late = lose("sidecar peers", timed_out(std::chrono::seconds(1)));
        CHECK(late.code == ExitCode::TimedOut);
        CHECK(
            late.text ==
            "no answer: none within 1s (--timeout); a query changes nothing, it is safe to repeat");
        for (const char* verb : {"cancel", "forget", "keep", "kill", "lease", "owner", "renew",
                                 "replay", "settle", "withdraw"}) {
            const std::string line = fmt::format("sidecar {} 3", verb);
            CHECK(lose(line.c_str(), connection_lost()).code == ExitCode::OutcomeUnknown);
        }
        CHECK(lose("announce x", connection_lost()).code == ExitCode::OutcomeUnknown);
        exchange.add({"sidecar peers"});
        exchange.wrote(exchange.outgoing().size());
        exchange.feed("error: outcome-unknown: it was written to ExaBGP\nerror\n");
        CHECK(verdicts.back().code == ExitCode::NotSent);
        CHECK(verdicts.back().text.starts_with("no answer: it was written to ExaBGP; "));
    }

    TEST_CASE_FIXTURE(Fixture, "what could not be sent holds back the rest until all have ended") {
        const std::string refused = "error: not-sent: ExaBGP is away\nerror\n";
        add_lines(1, 200);
        CHECK(write_all() == "c1\n");
        exchange.feed(refused);
        CHECK(write_all().ends_with("\nc65\n"));
        for (std::size_t i = 1; i < CommandExchange::refused_window; ++i) exchange.feed(refused);
        CHECK(exchange.window_refused());
        CHECK(write_all().empty());
        exchange.feed(refused);
        CHECK(write_all().ends_with("\nc129\n"));

        INFO("one that ExaBGP took shows that it is reachable");
        exchange.feed("done\n");
        CHECK_FALSE(exchange.window_refused());
        const std::string written = write_all();
        CHECK(written.starts_with("c130\n"));
        CHECK(written.ends_with("\nc200\n"));
        exchange.feed(refused);
        CHECK(write_all().empty());
    }

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
        add_lines(1, 400);
        CHECK(write_all() == "c1\n");
        CHECK_FALSE(exchange.wants_more());

        exchange.feed("done\n");
        const std::string written = write_all();
        CHECK(written.starts_with("c2\n"));
        CHECK(written.ends_with("c257\n"));
        exchange.feed("done\ndone\n");
        CHECK(write_all() == "c258\nc259\n");
        CHECK(exchange.first_unsent() == 260);
    }

    TEST_CASE_FIXTURE(Fixture, "answers belong to commands in order") {
        add_lines(1, 3);
        write_all();
        exchange.feed("done\n");
        write_all();
        exchange.feed("error: denied: x\nerror\ndone\n");
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
        std::string written = write_all();
        CHECK(written.size() < 400'000);  // exapulsed need not keep them either
        while (exchange.waiting()) {
            exchange.feed("done\n");
            written += write_all();
        }
        CHECK(written.size() == 600'010);
    }

    TEST_CASE_FIXTURE(Fixture, "a lost connection: sent whole is unknown, the rest is not sent") {
        add_lines(1, 5);
        write_all();
        exchange.feed("done\n");
        REQUIRE(exchange.outgoing() == "c2\nc3\nc4\nc5\n");
        exchange.wrote(7);  // c2, c3 and the first byte of c4
        exchange.give_up(lost_verdict);
        CHECK(verdicts == Rows{{1, ExitCode::Done},
                               {2, ExitCode::OutcomeUnknown},
                               {3, ExitCode::OutcomeUnknown}});
        CHECK(exchange.first_unsent() == 4);
        CHECK_FALSE(exchange.waiting());
    }

    TEST_CASE_FIXTURE(Fixture, "withdrawn: exapulsed says which commands ExaBGP has seen") {
        add_lines(1, 5);
        write_all();
        exchange.feed("done\n");
        REQUIRE(write_all() == "c2\nc3\nc4\nc5\n");
        REQUIRE(exchange.withdraw("interrupted", {ExitCode::TimedOut, "in doubt"}));
        CHECK_FALSE(exchange.stopped());
        CHECK_FALSE(exchange.wants_more());
        exchange.add({"c6", 6});
        CHECK(write_all() == "sidecar cancel\n");
        exchange.feed("done\nerror: outcome-unknown: x\nerror\n");
        exchange.feed("error: not-sent: x\nerror\nerror\ndone\n");
        CHECK(verdicts == Rows{{1, ExitCode::Done},
                               {2, ExitCode::Done},
                               {3, ExitCode::TimedOut},
                               {4, ExitCode::NotSent},
                               {5, ExitCode::ExabgpError}});
        CHECK_FALSE(exchange.waiting());
        CHECK(exchange.first_unsent() == 6);
    }

    TEST_CASE_FIXTURE(Fixture, "an exapulsed too old to withdraw leaves all in doubt") {
        add_lines(1, 1);
        write_all();
        REQUIRE(exchange.withdraw("interrupted", {ExitCode::TimedOut, "in doubt"}));
        CHECK_FALSE(exchange.withdraw("again", lost_verdict));
        write_all();
        exchange.give_up({ExitCode::TimedOut, "in doubt"});
        CHECK(verdicts == Rows{{1, ExitCode::TimedOut}});
    }

    TEST_CASE_FIXTURE(Fixture, "a line without its LF was not sent") {
        exchange.add({"abc", 1});
        exchange.wrote(3);
        exchange.give_up(lost_verdict);
        CHECK(verdicts.empty());
        CHECK(exchange.first_unsent() == 1);
    }

    TEST_CASE_FIXTURE(Fixture, "a connection refused before anything was sent") {
        exchange.feed("error: busy: limits.clients\nerror\n");
        REQUIRE(verdicts.size() == 1);
        CHECK(verdicts[0] == std::pair(std::size_t{0}, ExitCode::Limit));
    }

    TEST_CASE_FIXTURE(Spelling, "a command whose spelling can't vary asks nothing") {
        exchange.add({"peer list"});
        CHECK(write_all() == "peer list\n");
        CHECK(answer("[]\ndone\n").empty());
        CHECK(verdicts == Rows{{0, ExitCode::Done}});
        CHECK(told.empty());
    }

    TEST_CASE_FIXTURE(Spelling, "the dialect is asked once, and its answer is nobody's data") {
        exchange.add({"announce route x"});
        CHECK(write_all() == "sidecar status\n");
        CHECK(exchange.waiting());
        CHECK(answer(speaks_v6) == "peer * announce route x\n");
        CHECK(verdicts.empty());
        exchange.add({"withdraw  route x", 7});
        CHECK(write_all() == "peer * withdraw  route x\n");
        exchange.feed("done\nerror\n");
        CHECK(data.empty());
        CHECK(verdicts == Rows{{0, ExitCode::Done}, {7, ExitCode::ExabgpError}});
        CHECK(told == std::vector<std::string>{"0 peer * announce route x v6",
                                               "7 peer * withdraw  route x v6"});
    }

    TEST_CASE_FIXTURE(Spelling,
                      "the question takes its turn in the middle, and holds back the rest") {
        add_lines(1, 2);
        exchange.add({"announce a", 3});
        add_lines(4, 5);
        exchange.add({"announce b", 6});
        CHECK(write_all() == "c1\n");
        CHECK(answer("done\n") == "c2\nsidecar status\n");
        CHECK_FALSE(exchange.wants_more());
        CHECK(answer("two\ndone\n").empty());
        CHECK(answer("{\"dialect\": \"v6\"}\n").empty());
        CHECK(exchange.first_unsent() == 3);
        CHECK(answer("done\n") == "peer * announce a\nc4\nc5\npeer * announce b\n");
        CHECK(exchange.wants_more());
        exchange.feed("done\nfour\ndone\nerror\ndone\n");
        CHECK(data == std::vector<std::string>{"two", "four"});
        CHECK(verdicts == Rows{{1, ExitCode::Done},
                               {2, ExitCode::Done},
                               {3, ExitCode::Done},
                               {4, ExitCode::Done},
                               {5, ExitCode::ExabgpError},
                               {6, ExitCode::Done}});
    }

    TEST_CASE_FIXTURE(Spelling, "who does not know the dialect changes nothing and asks no more") {
        for (const std::string answered :
             {"{\"dialect\": null}\ndone\n", "{\"dialect\": \"v4\"}\ndone\n", "{}\ndone\n",
              "done\n", "no JSON\ndone\n", "error\n", "error: unknown command\nerror\n"}) {
            CAPTURE(answered);
            Spelling other;
            other.exchange.add({"announce a"});
            CHECK(other.write_all() == "sidecar status\n");
            CHECK(other.answer(answered) == "announce a\n");
            other.exchange.add({"peer * announce b"});
            CHECK(other.write_all() == "peer * announce b\n");
            CHECK(other.told.empty());
            CHECK(other.verdicts.empty());
        }
    }

    TEST_CASE_FIXTURE(Spelling, "a refused question refuses the command that asked, and no other") {
        exchange.add({"announce a", 1});
        exchange.add({"c2", 2});
        exchange.add({"announce c", 3});
        write_all();
        CHECK(answer("error: busy: limits.client_pending\nerror\n") == "c2\nsidecar status\n");
        CHECK(verdicts == Rows{{1, ExitCode::Limit}});
        CHECK(answer(std::string("done\n") + speaks_v6) == "peer * announce c\n");
    }

    TEST_CASE_FIXTURE(Spelling, "lost with the question: its command was not sent") {
        add_lines(1, 1);
        exchange.add({"announce a", 2});
        add_lines(3, 3);
        write_all();
        exchange.feed("done\n");
        REQUIRE(exchange.outgoing() == "sidecar status\n");

        SUBCASE("written") {
            write_all();
        }
        SUBCASE("half written") {
            exchange.wrote(5);
        }
        exchange.give_up(lost_verdict);
        CHECK(verdicts == Rows{{1, ExitCode::Done}});
        CHECK(exchange.first_unsent() == 2);
        CHECK_FALSE(exchange.waiting());
    }

    TEST_CASE_FIXTURE(Spelling,
                      "a respelled command of which the end was not written was not sent") {
        exchange.add({"announce a", 1});
        write_all();
        exchange.feed(speaks_v6);
        REQUIRE(exchange.outgoing() == "peer * announce a\n");
        exchange.wrote(17);
        exchange.give_up(lost_verdict);
        CHECK(verdicts.empty());
        CHECK(exchange.first_unsent() == 1);
    }
}

}  // namespace exapulse::client
