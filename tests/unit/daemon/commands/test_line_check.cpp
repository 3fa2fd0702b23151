// SPDX-License-Identifier: BSD-3-Clause
// LineCheck: lines that are refused whichever ExaBGP reads them, and that no others are.
#include <array>
#include <fstream>
#include <set>
#include <sstream>
#include <string>

#include <doctest/doctest.h>

#include "daemon/commands/line_check.hpp"
#include "daemon/exabgp/command_guard.hpp"
#include "daemon/exabgp/shared_state.hpp"
#include "tests/support/harness/has.hpp"
#include "tests/support/harness/project_file.hpp"

using namespace exapulse;
using exapulse::test::has;

namespace {

std::string misspelling(std::string_view line) {
    return exapulse::misspelling(Request(line));
}
std::string incomplete(std::string_view line) {
    return exapulse::incomplete(Request(line));
}
std::size_t echo_of(std::string_view line) {
    return exapulse::echo_of(Request(line));
}
std::size_t communities_in(std::string_view line) {
    return exapulse::communities_in(Request(line));
}
std::string excess_of(std::string_view line, const EchoLimits& limits) {
    return exapulse::excess_of(Request(line), limits);
}

/// ExaBGP says `done` to these, and should not be asked for them.
const std::set<std::string> dangerous{
    // Not one whole rule.
    "announce flow route { match { source 192.0.2.1/32; } then { discard; } } }",
    // 4.2 and 5.0 execute `version`.
    "announce watchdog version",
};

/// As the line goes to the ExaBGP of a column.
std::string spelled(const std::string& line, Dialect dialect) {
    const bool all_peers = line.starts_with("announce") || line.starts_with("withdraw");
    return dialect == Dialect::V6 && all_peers ? "peer * " + line : line;
}

std::string refusal_of(const std::string& line, Dialect dialect) {
    if (std::string why = harm_in(line); !why.empty()) return why;
    if (std::string why = misspelling(line); !why.empty()) return why;
    if (std::string why = incomplete(line); !why.empty()) return why;
    return guard_against(rules_of(dialect), Request(line), {});
}

}  // namespace

TEST_CASE("no line is refused that real ExaBGPs execute, but for the dangerous ones") {
    std::ifstream file(test::project_file("tests/data/exabgp_line_answers.txt"));
    REQUIRE(file);
    std::size_t done = 0;
    for (std::string row; std::getline(file, row);) {
        if (row.starts_with('#')) continue;
        std::istringstream in(row);
        std::array<std::string, 3> answers;
        for (std::string& answer : answers) in >> answer;
        std::string line;
        std::getline(in >> std::ws, line);
        constexpr std::array columns{Dialect::Pipes42, Dialect::Pipes50, Dialect::V6};
        for (std::size_t i = 0; i < columns.size(); ++i) {
            CAPTURE(line);
            CAPTURE(std::string(name_of(columns[i])));
            const std::string why = refusal_of(spelled(line, columns[i]), columns[i]);
            if (!answers[i].ends_with("done")) continue;
            ++done;
            if (!dangerous.contains(line)) CHECK(why == "");
            if (dangerous.contains(line) && columns[i] != Dialect::V6) CHECK(why != "");
        }
    }
    CHECK(done > 150);
}

TEST_CASE("what is left open or closes nothing is refused, with its place") {
    struct Row {
        const char* line;
        const char* place;
    };
    for (const Row& row : {
             Row{"announce flow route { match { source 1.2.3.4/32; } then { discard",
                 "position 57"},
             Row{"announce flow route { match { source 1.2.3.4/32; }", "position 21"},
             Row{"announce flow route { match { } then { } } }", "position 44"},
             Row{"announce route y next-hop z as-path [ 1 2", "position 37"},
             Row{"announce route y next-hop z as-path [ 1 ( 2 ]", "position 45"},
             Row{"neighbor 1.2.3.4 withdraw route y name \"a", "position 40"},
             Row{"announce route y next-hop z name it's", "position 36"},
             Row{"announce route y next-hop z name \"it's mine\"", "position 34"},
             Row{"peer * routes add y as-path [ 1", "position 29"},
             Row{"peer * group announce route y name \"a ; withdraw route z name \"",
                 "position 36"},
             Row{"peer * group announce flow route { match { source y; } }", "every ';'"},
         }) {
        CAPTURE(std::string(row.line));
        CHECK(has(incomplete(row.line), row.place));
    }
}

TEST_CASE("one command in a line, and nothing behind it") {
    for (const char* line :
         {"announce route y next-hop z; announce route x next-hop z",
          "announce route y next-hop z ;withdraw route x", "announce route y # customer 7",
          "announce route y name cust#7", "announce flow route { match { } then { } }\\n",
          "announce route y next-hop z;\\n \\n ", "announce flow route { x # y; } }"})
        CHECK_MESSAGE(!incomplete(line).empty(), std::string(line));
}

TEST_CASE("what all ExaBGPs take is not refused") {
    for (const char* line :
         {"announce route y next-hop z;", "announce route y next-hop z ; # customer 7",
          "announce route y next-hop z ; route x next-hop z",
          "announce route y name \"a ; b { # c\"",
          "announce flow route {\\n match {\\n source y;\\n }\\n then {\\n discard;\\n }\\n }",
          "announce route y next-hop z\\n", "announce route y as-path [ 1 ( 2 ) ]",
          "peer * group announce route y next-hop z ; withdraw route x ;",
          "peer * group announce route y as-path [ 1 ] ; announce route x name 'a b'",
          // None of these reaches ExaBGP's parser of routes.
          "announce watchdog it's", "announce operational asm afi ipv4 safi unicast advisory \"a",
          "show neighbor (", "it's", "teardown {", ""})
        CHECK_MESSAGE(incomplete(line).empty(), std::string(line));
}

TEST_CASE("a verb that only ExaBGP would read is named, with the mark that hides it") {
    for (const char* line :
         {"daemon shutdown,", "daemon reload]", "session ack disable)", "session reset)",
          "group start,", "session sync enable,", "system crash,", "shutdown,", "silence-ack]",
          "sidecar,status", "system api version,4", "ping)", "daemon\tshutdown ],x,"})
        CHECK_MESSAGE((!misspelling(line).empty() || Request(line).rule().role == Role::Admin),
                      std::string(line));
    CHECK(has(misspelling("daemon shutdown,"), "'daemon shutdown'"));
    CHECK(has(misspelling("daemon shutdown,"), "position 16"));
    for (const char* line :
         {"daemon shutdown , x", "daemon shutdown(", "daemon shutdown;", ",daemon shutdown",
          "announce route y community [1:1,2:2]", "peer [1.2.3.4,1.2.3.5] routes list", "debug,"})
        CHECK_MESSAGE(misspelling(line).empty(), std::string(line));
}

TEST_CASE("what ExaBGP would repeat is measured as it would write it") {
    const std::string route = "peer * announce route y next-hop z ";
    CHECK(echo_of("no such thing " + std::string(1000, 'x')) == 0);
    CHECK(echo_of(route + std::string(1000, 'x')) >= 1035);
    CHECK(echo_of(route + std::string(1000, ',')) >= 2000);  // `,` becomes ` ,`
    CHECK(echo_of(route + std::string(1000, '[')) >= 2000);
    std::string group = "peer * group ";
    for (int i = 0; i < 1000; ++i) group += "x;";
    CHECK(echo_of(group) > 30'000);  // measured: 30 bytes for each
    CHECK(echo_of("peer create " + std::string(1000, 'x')) >= 2000);
    std::string nlri = "announce attributes next-hop self nlri";
    for (int i = 0; i < 40'000; ++i) nlri += " 192.0.2.1/32";
    CHECK(echo_of(nlri) < 100);
    const EchoLimits limits{192U << 10, 1000};
    CHECK(excess_of(nlri, limits).empty());
    CHECK(excess_of(route + std::string(190U << 10, 'x'), limits).empty());
    CHECK(has(excess_of(route + std::string(200U << 10, 'x'), limits), "limits.echo"));
    for (int i = 0; i < 6000; ++i) group += "x;";
    CHECK(has(excess_of(group, limits), "limits.echo"));
}

TEST_CASE("lists of communities are counted by what they cost") {
    const auto list = [](int count) {
        std::string text = " community [";
        for (int i = 0; i < count; ++i) text += " 1:1";
        return text + "]";
    };
    const std::string route = "announce route y next-hop z";
    CHECK(communities_in(route) == 0);
    CHECK(communities_in(route + list(900)) == 900);
    CHECK(communities_in(route + " large-community [1:1:1] extended-community [a b c") == 4);
    CHECK(communities_in(route + list(600) + " large-" + list(800).substr(1)) == 1000);
    CHECK(communities_in(route + " as-path [ 1 2 3 ]") == 0);
    std::string group = "peer * group ";
    for (int i = 0; i < 100; ++i) group += route + list(50) + " ;";
    CHECK(communities_in(group) == 500);
    CHECK(has(excess_of(route + list(1001), {1U << 20, 1000}), "limits.communities"));
    CHECK(excess_of(route + list(1000), {1U << 20, 1000}).empty());
}
