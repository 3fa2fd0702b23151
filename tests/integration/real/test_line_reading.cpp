// SPDX-License-Identifier: BSD-3-Clause
// Lines with noise in them: which command the modules of a real ExaBGP find, and which exapulsed
// does. EXAPULSE_TEST_LINES is how many lines are tried, EXAPULSE_TEST_SEED which.
#include <array>
#include <cstdlib>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "common/words.hpp"
#include "daemon/commands/line_check.hpp"
#include "daemon/exabgp/command_guard.hpp"
#include "daemon/exabgp/command_line.hpp"
#include "daemon/exabgp/shared_state.hpp"
#include "tests/integration/real/real_stage.hpp"
#include "tests/support/harness/exabgp_under_test.hpp"
#include "tests/support/harness/project_file.hpp"

using namespace exapulse;

namespace {

constexpr std::array commands{"daemon shutdown",
                              "daemon reload",
                              "daemon restart",
                              "daemon status",
                              "session ack disable",
                              "session ack enable",
                              "session ack silence",
                              "session sync enable",
                              "session sync disable",
                              "session reset",
                              "session ping",
                              "session bye",
                              "system crash",
                              "system version",
                              "system api version",
                              "group start",
                              "group end",
                              "rib show out",
                              "rib clear",
                              "peer list",
                              "peer show",
                              "shutdown",
                              "reload",
                              "restart",
                              "reset",
                              "crash",
                              "version",
                              "help",
                              "silence-ack",
                              "disable-ack",
                              "enable-ack",
                              "enable-sync",
                              "ping",
                              "bye",
                              "api version",
                              "debug",
                              "#",
                              "status",
                              "announce route",
                              "announce flow",
                              "announce watchdog",
                              "announce attributes",
                              "announce attribute",
                              "announce eor",
                              "announce route-refresh",
                              "announce ipv4",
                              "withdraw route",
                              "withdraw watchdog",
                              "show neighbor",
                              "show adj-rib out",
                              "flush adj-rib out",
                              "clear adj-rib",
                              "teardown",
                              "announce",
                              "withdraw",
                              "routes",
                              "show",
                              "group"};
constexpr std::array selectors{"peer *",
                               "peer 1.2.3.4",
                               "peer [1.2.3.4]",
                               "peer [ 1.2.3.4 peer-as 1 , 1.2.3.5 ]",
                               "peer 1.2.3.4 local-as",
                               "peer 1.2.3.4 peer-as 1",
                               "neighbor *",
                               "neighbor 1.2.3.4",
                               "neighbor 1.2.3.4,",
                               "neighbor 1.2.3.4 , neighbor 1.2.3.5",
                               "neighbor [1.2.3.4]",
                               "neighbor",
                               "peer",
                               "neighbor 1.2.3.4 peer-as 65000",
                               "peer [1.2.3.4 peer-as ]"};
constexpr std::array fillings{
    "x",        "1.2.3.4", "10.0.0.0/24", "next-hop", "self",   "json",   "text",
    "sync",     "6",       "version",     "shutdown", "reload", "routes", "route",
    "announce", "peer-as", "local-ip",    "neighbor", "peer",   "*",      "community",
    "65000:1",  "{",       "}",           ";",        "\"",     "'",      "\\n"};
constexpr std::array noises{",",  "[", "]",  "(", ")",  ";", "{", "}", " ", "\t", "  ",
                            ", ", "#", "\"", "'", "\\", ":", ".", "*", "-", "/"};

/// Writes lines that look like commands, with punctuation where none belongs.
class Writer {
  public:
    explicit Writer(unsigned seed) : random_(seed) {}

    std::string line() {
        std::string text;
        for (std::size_t parts = 1 + below(3); parts > 0; --parts) {
            if (!text.empty()) text += below(8) == 0 ? one_of(noises) : " ";
            const std::size_t kind = below(20);
            if (kind < 9)
                text += one_of(commands);
            else if (kind < 14)
                text += std::string(one_of(selectors)) + " " + one_of(commands);
            else
                text += kind < 17 ? one_of(fillings) : one_of(noises);
        }
        for (std::size_t more = below(4); more > 0; --more)
            text += std::string(" ") + one_of(fillings);
        for (std::size_t spoilt = below(4); spoilt > 0; --spoilt) {
            const std::array places{std::size_t{0}, text.size(), below(text.size() + 1)};
            text.insert(places[below(places.size())], one_of(noises));
        }
        return text;
    }

  private:
    std::size_t below(std::size_t end) { return random_() % end; }

    template <std::size_t size>
    const char* one_of(const std::array<const char*, size>& known) {
        return known[below(size)];
    }

    std::mt19937 random_;
};

/// Whether exapulsed writes the line to this ExaBGP for somebody who is no admin, and then waits
/// for one terminator.
bool passes_for_anyone(const DialectRules& rules, const std::string& line, bool& irregular) {
    const Request request(line);
    const CommandRule& rule = request.rule();
    irregular = rule.treatment == Treatment::ForwardIrregular;
    return forwards(rule) && rule.role != Role::Admin && harm_in(line).empty() &&
           misspelling(request).empty() && guard_against(rules, request, {}).empty();
}

/// Whether what ExaBGP executes needs a higher role than the line, or ends otherwise than exapulsed
/// expects.
bool is_bypass(const DialectRules& rules, const std::string& line, const std::string& executed) {
    bool irregular = false;
    if (executed.empty() || !passes_for_anyone(rules, line, irregular)) return false;
    const CommandRule& rule = rule_of(executed);
    return rule_for(words(executed)).role > Request(line).rule().role || !forwards(rule) ||
           (rule.treatment == Treatment::ForwardIrregular && !irregular);
}

unsigned long number_from(const char* variable, unsigned long otherwise) {
    const char* text = std::getenv(variable);
    return text == nullptr ? otherwise : std::stoul(text);
}

void compare(Dialect dialect) {
    Writer writer(static_cast<unsigned>(number_from("EXAPULSE_TEST_SEED", 1)));
    std::vector<std::string> lines(number_from("EXAPULSE_TEST_LINES", 4000));
    std::string input;
    for (std::string& line : lines) input += (line = writer.line()) + '\n';
    std::istringstream answers(test::run_in_exabgp(
        {test::project_file("tests/support/exabgp_reading.py"), std::string(name_of(dialect))},
        input));
    const DialectRules& rules = rules_of(dialect);
    std::size_t otherwise = 0;
    std::size_t bypasses = 0;
    for (const std::string& line : lines) {
        std::string executed;
        REQUIRE(std::getline(answers, executed));
        if (words(line).empty()) continue;  // `done` of 6.0, and nothing happens
        CAPTURE(line);
        const std::string_view command = command_in(rules, Request(line));
        if (executed != command && ++otherwise < 10) CHECK(command == executed);
        if (is_bypass(rules, line, executed) && ++bypasses < 10)
            CHECK_MESSAGE(false, "gets past the guard as " << executed);
    }
    CHECK(otherwise == 0);
    CHECK(bypasses == 0);
    MESSAGE(std::string(name_of(dialect)) << ": " << lines.size() << " lines");
}

}  // namespace

TEST_SUITE_BEGIN("real exabgp only");

TEST_CASE("exapulsed and ExaBGP find the same command in a line, whatever the punctuation") {
    const std::string dialect = test::real_dialect();
    REQUIRE(!dialect.empty());
    if (dialect == "4.2") compare(Dialect::Pipes42);
    if (dialect == "5.0") compare(Dialect::Pipes50);
    if (dialect == "v6") compare(Dialect::V4);
    if (dialect == "v6") compare(Dialect::V6);
}

TEST_CASE("lines that ExaBGP would misread, or read in part, do not reach it") {
    const test::RealStage stage;
    test::TestClient client = stage.service->client();
    const auto first_line = [&](const std::string& line) {
        const test::Answer answer = client.command(line);
        return answer.lines.empty() ? answer.terminator : answer.lines.front();
    };
    for (const char* line :
         {"daemon shutdown,", "shutdown,", "daemon reload]", "reload)", "session ack disable,",
          "silence-ack,", "session reset)", "reset]", "system crash,", "crash,", "group start,"})
        CHECK_MESSAGE(first_line(line).starts_with("error: bad-input: "), std::string(line));
    const std::string all = stage.exabgp->dialect() == "v6" ? "peer * " : "";
    CHECK(first_line(all + "announce flow route { match { source 203.0.113.9/32; } then { discard")
              .starts_with("error: bad-input: "));
    if (stage.exabgp->has_pipes())
        CHECK(first_line("announce watchdog version").find("'version'") != std::string::npos);
    CHECK(first_line(all + "announce eor x y").find("established") != std::string::npos);
    // It lives, answers are on and where they belong.
    for (int i = 0; i < 3; ++i) {
        CHECK(client.command(all + "announce route 10.20.30.0/24 next-hop 10.9.9.9") ==
              test::Answer{{}, "done"});
        CHECK(client.command("no such command") == test::Answer{{}, "error"});
    }
    CHECK(test::eventually([&] { return stage.bird.has_route("10.20.30.0/24"); }));
    CHECK(stage.service->status()["state"] == "up");
}

TEST_SUITE_END();
