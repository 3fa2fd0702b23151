// SPDX-License-Identifier: BSD-3-Clause
// What makes a line no command.
#include <string>

#include <doctest/doctest.h>

#include "client/exchange/command_problem.hpp"
#include "tests/support/harness/has.hpp"

namespace exapulse::client {

namespace {

using test::has;

std::string problem(std::string_view line) {
    return command_problem(line).value_or("");
}

}  // namespace

TEST_SUITE("client command problem") {
    TEST_CASE("what ExaBGP understands has none") {
        for (const std::string line :
             {"announce route 10.0.0.0/24 next-hop 192.0.2.1\r", "show\tneighbor summary",
              R"(announce flow route { match { source 10.0.0.0/24; } then { discard; } })",
              R"(peer * announce route x "quoted 'text'" 'and "this"')",
              R"(announce x "an \" escaped quote")", "sidecar status"})
            CHECK_MESSAGE(!command_problem(line).has_value(), line);
        CHECK_FALSE(command_problem(std::string(longest_command, 'x')).has_value());
    }

    TEST_CASE("and what it does not") {
        CHECK(has(problem(""), "empty"));
        CHECK(has(problem(" \t"), "empty"));
        CHECK(has(problem("a\nb"), "one line"));
        CHECK(has(problem("announce \"route"), "the quote (\") at position 10 is not closed"));
        CHECK(has(problem("it's"), "the quote (') at position 3"));
        CHECK(has(problem("a\033[A"), "a control character (^[) at position 2"));
        CHECK(has(problem(std::string("a\0b", 3)), "(^@) at position 2"));
        CHECK(has(problem("a\rb"), "(^M) at position 2"));
        CHECK(has(problem("a\x7f"), "(DEL) at position 2"));
        CHECK(has(problem(std::string(longest_command + 1, 'x')), "longer than 1MiB"));
        CHECK(has(problem("sidecar  subscribe failed"), "exapulse watch"));
    }
}

}  // namespace exapulse::client
