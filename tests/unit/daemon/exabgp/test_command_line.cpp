// SPDX-License-Identifier: BSD-3-Clause
// CommandLine: the words of a line for ExaBGP, and the command that it finds in it.
#include <algorithm>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include "daemon/exabgp/command_line.hpp"
#include "tests/unit/daemon/exabgp/dialect_rules.hpp"

using namespace exapulse;
using test::v4, test::v42, test::v50, test::v6;

namespace {

using Tokens = std::vector<std::string_view>;

std::string_view command_in(const DialectRules& rules, const char* line) {
    return exapulse::command_in(rules, Request(line));
}
std::string normalised(const char* line) {
    return exapulse::normalised(tokens(line));
}

}  // namespace

TEST_CASE("a line is split at whitespace, commas and on the inner side of brackets") {
    CHECK(tokens("").empty());
    CHECK(tokens(" \t ").empty());
    CHECK(tokens("daemon shutdown,") == Tokens{"daemon", "shutdown", ","});
    CHECK(tokens(",daemon reload]") == Tokens{",", "daemon", "reload", "]"});
    CHECK(tokens("session\treset)") == Tokens{"session", "reset", ")"});
    CHECK(tokens("session reset(") == Tokens{"session", "reset("});
    CHECK(tokens("x[a,b]y") == Tokens{"x[", "a", ",", "b", "]y"});
    CHECK(tokens("[[,]](") == Tokens{"[", "[", ",", "]", "]("});
    CHECK(tokens("{a;}\"b c\"") == Tokens{"{a;}\"b", "c\""});
}

TEST_CASE("4.2 and 5.0 try their commands in reverse alphabetical order") {
    for (const DialectRules* rules : {&v42, &v50}) {
        CHECK(std::is_sorted(rules->commands.rbegin(), rules->commands.rend()));
        CHECK(found_command(*rules, "system api version tok") == "version");
        CHECK(found_command(*rules, "# please reload") == "reload");
        CHECK(found_command(*rules, "note shutdown") == "shutdown");
        CHECK(found_command(*rules, "xreload now") == "reload");
        CHECK(found_command(*rules, "reloaded") == "");
        CHECK(found_command(*rules, "announce route 10.0.0.0/24 next-hop 1.2.3.4") ==
              "announce route");
        CHECK(found_command(*rules, "neighbor 1.2.3.4 withdraw route 10.0.0.0/24") ==
              "withdraw route");
        CHECK(found_command(*rules, "announce route 10.0.0.0/24 next-hop version 1") == "version");
    }
    CHECK(found_command(v6, "# please reload") == "");
}

TEST_CASE("a line is searched in ExaBGP's normal form") {
    CHECK(normalised(" announce\troute  10/8 community [1:2,3:4] ") ==
          "announce route 10/8 community [ 1:2 , 3:4 ]");
    CHECK(normalised("a(json)b") == "a( json )b");
    CHECK(normalised("") == "");
}

TEST_CASE("6.0 uses the first words, ignoring punctuation and selectors") {
    struct Row {
        const char* line;
        const char* command;
    };
    for (const Row& row : {
             Row{"daemon shutdown,", "daemon shutdown"},
             Row{"daemon reload]", "daemon reload"},
             Row{"session ack disable)", "session ack disable"},
             Row{"\tsession  reset) x", "session reset"},
             Row{",daemon shutdown", ""},
             Row{"daemon shutdown(", ""},
             Row{"daemon shutdown;", ""},
             Row{"Daemon shutdown", ""},
             Row{"daemon", ""},
             Row{"# daemon shutdown", "#"},
             Row{" #,x", "#"},
             Row{"debug daemon shutdown", "debug"},
             Row{" debug x", ""},
             Row{"debug", ""},
             Row{"", ""},
             Row{"peer list x", "peer list"},
             Row{"peer * announce route y", "peer … announce"},
             Row{"peer *,announce", ""},
             Row{"peer 1.2.3.4 peer-as 1 local-as 2 routes list", "peer … routes"},
             Row{"peer 1.2.3.4 peer 1.2.3.5 routes", ""},
             Row{"peer x routes", ""},
             Row{"peer [1.2.3.4,1.2.3.5]routes", ""},
             Row{"peer [1.2.3.4,1.2.3.5] routes", "peer … routes"},
             Row{"peer [1.2.3.4 peer-as] routes] show", "peer … show"},
             Row{"peer [1.2.3.4 peer-as] routes ] show", "peer … show"},
             Row{"peer [1.2.3.4 teardown", ""},
             Row{"peer * group announce x ; shutdown", "peer … group"},
         }) {
        CAPTURE(std::string_view(row.line));
        CHECK(command_in(v6, row.line) == row.command);
        CHECK(command_in(v4, row.line) == row.command);
    }
}

TEST_CASE("v4 has the old spellings and those of v6") {
    struct Row {
        const char* line;
        const char* command;
    };
    for (const Row& row : {
             Row{"shutdown,", "daemon shutdown"},
             Row{"crash]", "system crash"},
             Row{"silence-ack", "session ack silence"},
             Row{"api version 4", "system api version"},
             Row{"announce route y", "peer … announce"},
             Row{"show adj-rib out", "rib show"},
             Row{"show adj-rib", ""},
             Row{"group start", ""},
             Row{"neighbor 1.2.3.4 announce route y", "peer … announce"},
             Row{"neighbor 1.2.3.4 announce x", ""},
             Row{"neighbor 1.2.3.4, neighbor 1.2.3.5 teardown", "peer … teardown"},
             Row{"neighbor 1.2.3.4, teardown", ""},
             Row{"neighbor [1.2.3.4]teardown", "peer … teardown"},
             Row{"neighbor [1.2.3.4 teardown", ""},
             Row{"neighbor 1.2.3.4 shutdown", ""},
         }) {
        CAPTURE(std::string_view(row.line));
        CHECK(command_in(v4, row.line) == row.command);
        const bool also_v6 = std::string_view(row.line) == "group start";
        CHECK(command_in(v6, row.line) == (also_v6 ? "group start" : ""));
    }
}
