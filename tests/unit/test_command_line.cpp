// SPDX-License-Identifier: BSD-3-Clause
// CommandLine: the words of a line for ExaBGP, and the command that it finds in it.
#include <algorithm>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include "daemon/exabgp/command_line.hpp"

using namespace exapulse;

namespace {

using Tokens = std::vector<std::string_view>;

const DialectRules& v42 = rules_of(Dialect::Pipes42);
const DialectRules& v50 = rules_of(Dialect::Pipes50);
const DialectRules& v6 = rules_of(Dialect::V6);

}  // namespace

TEST_CASE("a line falls into words at blanks, commas and on the inner side of brackets") {
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

TEST_CASE("4.2 and 5.0 try their commands in the reverse order of the alphabet") {
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

TEST_CASE("a line is looked at in ExaBGP's own normal form") {
    CHECK(normalised(" announce\troute  10/8 community [1:2,3:4] ") ==
          "announce route 10/8 community [ 1:2 , 3:4 ]");
    CHECK(normalised("a(json)b") == "a( json )b");
    CHECK(normalised("") == "");
}
