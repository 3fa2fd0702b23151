// SPDX-License-Identifier: BSD-3-Clause
// InputLines: what of standard input becomes a command.
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "client/exchange/input_lines.hpp"

namespace exapulse::client {

namespace {

struct Received {
    std::vector<std::pair<std::size_t, std::string>> commands;
    std::vector<std::pair<std::size_t, ExitCode>> refused;
    InputLines input{
        [this](const Command& command) { commands.emplace_back(command.line, command.text); },
        [this](const Command& command, const Verdict& verdict) {
            refused.emplace_back(command.line, verdict.code);
        }};
};

using Commands = std::vector<std::pair<std::size_t, std::string>>;
using Refused = std::vector<std::pair<std::size_t, ExitCode>>;

}  // namespace

TEST_SUITE("client input lines") {
    TEST_CASE_FIXTURE(Received, "blank lines and comments are skipped, but counted") {
        input.feed("a\n\n \t \n# note\n  #note\nb #c\r\n");
        CHECK(commands == Commands{{1, "a"}, {6, "b #c"}});
        CHECK(input.lines() == 6);
        CHECK(refused.empty());
    }

    TEST_CASE_FIXTURE(Received, "the last line needs no LF") {
        input.feed("a\nb");
        CHECK(commands.size() == 1);
        CHECK_FALSE(input.ended());
        input.finish();
        CHECK(commands == Commands{{1, "a"}, {2, "b"}});
        CHECK(input.ended());
    }

    TEST_CASE_FIXTURE(Received, "a byte order mark is no part of the first line") {
        const std::string bytes = "\xef\xbb\xbf# a\nb\n";
        for (const char byte : bytes) input.feed({&byte, 1});
        CHECK(commands == Commands{{2, "b"}});
        CHECK(refused.empty());
    }

    TEST_CASE("input in UTF-16 is refused as a whole") {
        for (const std::string& bytes :
             {std::string("\xff\xfe"
                          "a\0\n\0",
                          6),
              std::string("\xfe\xff\0a\0\n", 6), std::string("a\0\n\0b\0\n\0", 8)}) {
            Received one;
            one.input.feed(bytes);
            CHECK(one.refused == Refused{{0, ExitCode::Usage}});
            CHECK(one.input.ended());
            one.input.finish();
            CHECK(one.commands.empty());
        }
    }

    TEST_CASE_FIXTURE(Received, "two bytes of a mark that ends there are a line") {
        input.feed("\xef\xbb");
        input.finish();
        CHECK(refused == Refused{{1, ExitCode::Usage}});
    }

    TEST_CASE_FIXTURE(Received, "begun in the middle: lines keep their numbers") {
        input.begin_at(3);
        input.feed("a\nb\n# c\nd\n");
        CHECK(commands == Commands{{4, "d"}});
        CHECK(input.lines() == 4);
    }

    TEST_CASE_FIXTURE(Received, "no line after the last LF") {
        input.feed("a\n");
        input.finish();
        CHECK(input.lines() == 1);
    }

    TEST_CASE_FIXTURE(Received,
                      "what can't be sent is refused with its line, and the next goes on") {
        input.feed("sidecar subscribe\n");
        input.feed(std::string(InputLines::longest_line + 1, 'x') + "\n");
        input.feed(std::string(InputLines::longest_line, 'y') + "\nz\n");
        CHECK(refused == Refused{{1, ExitCode::Usage}, {2, ExitCode::Limit}});
        REQUIRE(commands.size() == 2);
        CHECK(commands[0].first == 3);
        CHECK(commands[1] == std::pair(std::size_t{4}, std::string("z")));
    }
}

}  // namespace exapulse::client
