// SPDX-License-Identifier: BSD-3-Clause
// Dialect and CommandGuard: which ExaBGP answers, and what it would make of a line.
#include <algorithm>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "daemon/exabgp/command_guard.hpp"
#include "daemon/exabgp/dialect.hpp"
#include "tests/unit/daemon/exabgp/dialect_rules.hpp"

using namespace exapulse;
using test::v42, test::v50, test::v6;

namespace {

std::string guard_against(const DialectRules& rules, std::string_view line,
                          const std::vector<std::string>& unguarded) {
    return exapulse::guard_against(rules, Request(line), unguarded);
}
bool only_reads(const DialectRules& rules, std::string_view line) {
    return exapulse::only_reads(rules, Request(line));
}

bool refused(const DialectRules& rules, std::string_view line,
             std::vector<std::string> unguarded = {}) {
    return !guard_against(rules, line, unguarded).empty();
}

}  // namespace

TEST_CASE("the answer to the probe identifies the dialect") {
    CHECK(probe_command("tok") == "system api version tok");
    CHECK(dialect_of_probe(R"({"error": "Invalid version: tok"})", "tok") == Dialect::V6);
    CHECK(dialect_of_probe("error: invalid version: tok", "tok") == Dialect::V4);
    CHECK(dialect_of_probe("exabgp 4.2.21", "tok") == Dialect::Pipes42);
    CHECK(dialect_of_probe("exabgp 5.0.13", "tok") == Dialect::Pipes50);
}

TEST_CASE("nothing else counts as an answer to the probe") {
    for (const char* line :
         {R"({"error": "Invalid version: old"})", "exabgp 6.0.0-4460078e", "exabgp", "exabgp 4",
          "error", "done", "", R"({"version": "6.0.0", "application": "exabgp"})"})
        CHECK_MESSAGE(!dialect_of_probe(line, "tok"), line);
}

TEST_CASE("every dialect has one row, under its own name") {
    std::vector<std::string_view> names;
    for (const Dialect dialect : all_dialects) {
        CHECK(rules_of(dialect).dialect == dialect);
        names.push_back(name_of(dialect));
    }
    CHECK(names == std::vector<std::string_view>{"4.2", "5.0", "v4", "v6"});
}

TEST_CASE("no command is executed from the middle of a line") {
    for (const char* line :
         {"note shutdown", "announce route 10.0.0.0/24 next-hop reload 1.2.3.4",
          "neighbor 1.2.3.4 reset", "please crash now", "foo # bar", "announce watchdog version",
          "announce route 10.0.0.0/24 next-hop 1.2.3.4 name version", "note version this",
          "announce route 10.0.0.0/24 next-hop 1.2.3.4 name myversion med 5", "x announce route y",
          "neighbor 1.2.3.4 x announce route y", "neighbor 1.2.3.4 local-ip teardown peer-as 1",
          ", shutdown", ",shutdown", "x]announce flow y", "x,version"}) {
        CHECK_MESSAGE(refused(v42, line), std::string(line));
        CHECK_MESSAGE(refused(v50, line), line);
        CHECK_MESSAGE(!refused(v6, line), line);
    }
    // The policy has looked at these already: they begin with what they are.
    for (const char* line : {"reload", "restart", "shutdown", "version", "shutdown,"})
        CHECK_MESSAGE(!refused(v42, line), line);
    // For some peers, in all the ways in which 4.2 and 5.0 name them; and what they don't know.
    for (const char* line :
         {"neighbor 1.2.3.4 announce route y", "neighbor 1.2.3.4 peer-as 1 announce route y",
          "neighbor 1.2.3.4, neighbor 1.2.3.5 announce route y",
          "neighbor 1.2.3.4 show adj-rib out", "neighbor 1.2.3.4, announce route y",
          "neighbor * announce watchdog x", "neighbor", "neighbor 1.2.3.4 teardown 6",
          "announce attributes med 1 nlri 10.0.0.0/24", "announce",
          "announce route-refresh ipv4 unicast", "foo", "", "ANNOUNCE route y", "s n s"}) {
        CHECK_MESSAGE(!refused(v42, line), line);
        CHECK_MESSAGE(!refused(v50, line), line);
    }
    CHECK(guard_against(v42, "announce watchdog version", {}).find("'version'") !=
          std::string::npos);
    CHECK(guard_against(v42, "announce route y name myversion med 5", {}).find("'myversion'") !=
          std::string::npos);
    // 5.0 executes nothing behind `debug `, 4.2 has no such command.
    CHECK_FALSE(refused(v50, "debug shutdown"));
    CHECK(refused(v42, "debug shutdown"));
    CHECK(refused(v50, " debug shutdown"));
    CHECK(refused(v50, "x disable-ack"));
    CHECK_FALSE(refused(v42, "x disable-ack"));  // which 4.2 does not know
}

TEST_CASE("the word json outside show is refused on 5.0, and only there") {
    for (const char* line :
         {"version json", "announce route 10.0.0.0/24 next-hop 1.2.3.4 json", "help json",
          "announce route 10.0.0.0/24 next-hop 1.2.3.4 community [json]"}) {
        CHECK_MESSAGE(refused(v50, line), line);
        CHECK_MESSAGE(!refused(v50, line, {"json"}), line);
        CHECK_MESSAGE(!refused(v42, line), line);
    }
    CHECK(refused(v50, "json version", {"json"}));
    for (const char* line :
         {"show neighbor json", "show adj-rib out json", "json", "versions jsons",
          "announce route 10.0.0.0/24 next-hop 1.2.3.4 name xjson"})
        CHECK_MESSAGE(!refused(v50, line), line);
}

TEST_CASE("flush and clear adj-rib are refused on 4.2, and only there") {
    for (const char* line : {"flush adj-rib out", "neighbor 1.2.3.4 flush adj-rib out",
                             "clear adj-rib out", "neighbor 1.2.3.4 clear adj-rib in"}) {
        CHECK_MESSAGE(refused(v42, line), std::string(line));
        CHECK_MESSAGE(!refused(v42, line, {"flush"}), line);
        CHECK_MESSAGE(!refused(v50, line), line);
    }
    CHECK(guard_against(v42, "flush adj-rib out", {}).find("commands.unguarded") !=
          std::string::npos);
}

TEST_CASE("commands that only read may be repeated") {
    for (const char* line : {"version", "show neighbor summary", "show adj-rib out", "help"})
        CHECK_MESSAGE(only_reads(v42, line), line);
    for (const char* line :
         {"announce route 10/8 next-hop 1.2.3.4", "reload", "what", "", "withdraw route show "})
        CHECK_MESSAGE(!only_reads(v42, line), line);
    for (const char* line : {"peer * show summary", "peer list", "rib show out", "system version",
                             "daemon status", "show neighbor summary"})
        CHECK_MESSAGE(only_reads(v6, line), line);
    for (const char* line : {"peer * announce route 10/8 next-hop 1.2.3.4", "rib clear out",
                             "daemon reload", "peer * teardown 6"})
        CHECK_MESSAGE(!only_reads(v6, line), line);
}
