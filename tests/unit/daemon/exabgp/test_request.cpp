// SPDX-License-Identifier: BSD-3-Clause
// Request and Verb: what a line is, found out once.
#include <array>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "daemon/exabgp/command_line.hpp"
#include "daemon/exabgp/request.hpp"

using namespace exapulse;

namespace {

bool begins(const Verb& verb, std::string_view line) {
    return verb.begins(tokens(line));
}

}  // namespace

TEST_CASE("a verb matches the first words of a line, an ellipsis one or more of them") {
    CHECK(begins("session ping", "session  ping a"));
    CHECK_FALSE(begins("session ping", "session"));
    CHECK_FALSE(begins("session ping", "session pings"));
    CHECK(begins("peer … routes", "peer 1.2.3.4 local-as 65000 routes add"));
    CHECK(begins("peer … routes", "peer routes routes"));
    CHECK_FALSE(begins("peer … routes", "peer routes"));
    CHECK_FALSE(begins("peer … routes", "peer"));
    CHECK(begins("", "anything"));
    constexpr std::array<Verb, 2> verbs{"peer create", "help"};
    CHECK(begins_with_any(tokens("help me"), verbs));
    CHECK_FALSE(begins_with_any(tokens("peer"), verbs));
}

TEST_CASE("a request keeps its text and all that was found in it") {
    std::string line = "peer [192.0.2.1,192.0.2.2] announce route 10.0.0.0/24 next-hop self";
    const Request request(line);
    const std::string before = std::exchange(line, "overwritten");
    CHECK(request.text() == before);
    const auto words = tokens(before);
    CHECK(std::vector(request.words().begin(), request.words().end()) == words);
    REQUIRE(request.selector().selector.has_value());
    CHECK(request.selector().selector->terms.size() == 2);
    CHECK(request.selector().selector->object == "route");
    CHECK(request.memory() >= before.size() + words.size() * sizeof(std::string_view));
    // Words and selector are views into the text of the request itself.
    CHECK(request.words().front().data() == request.text().data());
    CHECK(request.selector().selector->text.data() == request.text().data());
}

TEST_CASE("every verb finds its own rule, by its name and in a line") {
    for (const CommandRule& rule : command_rules) {
        CAPTURE(rule.verb.text());
        CHECK(&rule_of(rule.verb.text()) == &rule);
        std::string line(rule.verb.text());
        if (const auto dots = line.find("…"); dots != std::string::npos)
            line.replace(dots, std::string_view("…").size(), "192.0.2.1 peer-as 65001");
        CHECK(&Request(line).rule() == &rule);
        CHECK(&Request(line + " and more").rule() == &rule);
    }
    CHECK(&rule_of("announce route") == &rule_of(""));
    CHECK(&rule_of("session") == &rule_of(""));
    CHECK(&Request("sessions ping").rule() == &rule_of(""));
}
