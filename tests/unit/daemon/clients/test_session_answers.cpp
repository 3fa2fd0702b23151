// SPDX-License-Identifier: BSD-3-Clause
// SessionAnswers: answers leave in the order of the lines they belong to.
#include <chrono>

#include <doctest/doctest.h>

#include "daemon/clients/session_answers.hpp"

using exapulse::SessionAnswers;

TEST_CASE("an answer that is ready early waits for those before it") {
    SessionAnswers answers;
    answers.expect(1, 10);
    answers.add("local\ndone\n");
    answers.expect(2, 10);
    CHECK(answers.take_ready().empty());
    CHECK(answers.size() == 3);
    CHECK(answers.append(1, "data\n") == "data\n");
    CHECK(answers.append(2, "early\n").empty());
    CHECK(answers.finish(1, "done\n") == "done\nlocal\ndone\nearly\n");
    CHECK(answers.finish(2, "error\n") == "error\n");
    CHECK(answers.empty());
    CHECK(answers.bytes() == 0);
}

TEST_CASE("lines of a long answer pass through one by one and are not kept") {
    SessionAnswers answers;
    answers.expect(7, 5);
    for (int i = 0; i < 1000; ++i) CHECK(answers.append(7, "line\n") == "line\n");
    CHECK(answers.bytes() == 5);
}

TEST_CASE("an answer that nobody expects is nobody's") {
    SessionAnswers answers;
    answers.expect(1, 5);
    CHECK(answers.append(9, "stray\n").empty());
    CHECK(answers.finish(9, "done\n").empty());
    CHECK(answers.size() == 1);
}

TEST_CASE("100,000 answers that end in reverse order leave in order, and soon") {
    constexpr exapulse::CommandId count = 100'000;
    SessionAnswers answers;
    const auto start = std::chrono::steady_clock::now();
    for (exapulse::CommandId id = 1; id <= count; ++id) answers.expect(id, 1);
    for (exapulse::CommandId id = count; id > 1; --id) REQUIRE(answers.finish(id, "x").empty());
    CHECK(answers.finish(1, "first").size() == 5 + count - 1);
    CHECK(answers.bytes() == 0);
    CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(5));
}

TEST_CASE("without acks only the data of an answer comes, in its place") {
    SessionAnswers answers;
    answers.expect(1, 10);
    answers.expect(2, 10, false);
    answers.expect(3, 10, false);
    answers.expect(4, 10);
    CHECK(answers.append(2, "data\n").empty());
    CHECK(answers.append(2, "error: no such route\n").empty());
    CHECK(answers.finish(2, "error\n").empty());
    CHECK(answers.finish(1, "done\n") == "done\ndata\n");
    CHECK(answers.append(3, "more\n") == "more\n");
    CHECK(answers.finish_all("error: not-sent: withdrawn\nerror\n") ==
          "error: not-sent: withdrawn\nerror\n");  // that of 4
    CHECK(answers.empty());
    CHECK(answers.bytes() == 0);
}
