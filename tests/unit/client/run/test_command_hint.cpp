// SPDX-License-Identifier: BSD-3-Clause
// command_hint(): what the shell did to a command that failed.
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "client/run/command_hint.hpp"
#include "tests/support/harness/has.hpp"

namespace exapulse::client {

namespace {

using test::has;

const Verdict refused{ExitCode::Usage, "bad-input: x"};
const Verdict failed{ExitCode::ExabgpError, "ExaBGP said error"};

std::string hint(const std::vector<std::string>& words, const Verdict& verdict) {
    return command_hint(words, verdict, [](const std::string& name) { return name == "a.txt"; });
}

}  // namespace

TEST_SUITE("client command hint") {
    TEST_CASE("a flow rule that the shell has cut at its first semicolon") {
        const std::vector<std::string> cut{"announce", "flow", "route", "{", "match", "{", "x"};
        CHECK(has(hint(cut, refused), "put the whole command in quotes"));
        CHECK(has(hint(cut, failed), "put the whole command in quotes"));
        CHECK(hint({"announce flow route { match { x"}, refused).empty());
        CHECK(hint({"announce", "flow", "route", "{", "}"}, refused).empty());
    }

    TEST_CASE("files in place of a star") {
        CHECK(has(hint({"neighbor", "a.txt", "announce"}, failed), "a.txt is a file here"));
        CHECK(has(hint({"peer", "a.txt", "b.txt", "announce"}, refused), "write '*'"));
        CHECK(hint({"neighbor", "192.0.2.1", "announce"}, failed).empty());
        CHECK(hint({"neighbor", "*", "announce"}, failed).empty());
        CHECK(hint({"show", "a.txt", "announce"}, failed).empty());
    }

    TEST_CASE("the short words of exabgpcli") {
        CHECK(has(hint({"s", "n", "s"}, failed), "did you mean: show neighbor summary"));
        CHECK(has(hint({"a", "r", "192.0.2.0/24"}, failed), "announce route 192.0.2.0/24"));
        CHECK(has(hint({"s", "a", "o", "e"}, failed), "show adj-rib out extensive"));
        CHECK(hint({"show", "n", "s"}, failed).empty());
    }

    TEST_CASE("what did not fail by its words needs no hint") {
        for (const ExitCode code : {ExitCode::Done, ExitCode::NotSent, ExitCode::TimedOut})
            CHECK(hint({"s", "n", "s"}, {code, "x"}).empty());
    }
}

}  // namespace exapulse::client
