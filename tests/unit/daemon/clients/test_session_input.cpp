// SPDX-License-Identifier: BSD-3-Clause
// SessionInput: lines are handled one by one, and the rest waits; Lazy and EventLag beside it.
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "daemon/clients/event_lag.hpp"
#include "daemon/clients/lazy.hpp"
#include "daemon/clients/session_input.hpp"

using namespace exapulse;

TEST_CASE("input: what the handler does not take waits for the next call") {
    SessionInput input;
    std::vector<std::string> lines;
    const auto take = [&](std::size_t most) {
        input.handle(10, [&, most](const LineFramer::Line& line) {
            lines.emplace_back(line.text);
            return lines.size() < most;
        });
    };
    input.add("one\ntwo\nthr");
    CHECK(input.left() == 11);
    take(1);
    CHECK(lines == std::vector<std::string>{"one"});
    CHECK(input.left() == 7);
    CHECK_FALSE(input.has_partial_line());
    take(9);
    CHECK(lines == std::vector<std::string>{"one", "two"});
    CHECK(input.left() == 0);
    CHECK(input.has_partial_line());
    CHECK(input.kept() == 3);
    CHECK_FALSE(input.empty());
    input.add("ee\nfour");
    CHECK(input.memory() == 10);
    take(3);
    CHECK(lines.back() == "three");
    input.drop();
    CHECK(input.empty());
}

TEST_CASE("lag: what was dropped is reported once, and counted for good") {
    EventLag lag;
    CHECK_FALSE(lag.any());
    lag.add(7);
    lag.add(9);
    CHECK(lag.any());
    Event lagged;
    lagged.type = EventType::Lagged;
    const std::string line = lag.report(lagged, "boot");
    CHECK(line.find("\"dropped\":2") != std::string::npos);
    CHECK(line.find("\"seq\":9") != std::string::npos);
    CHECK_FALSE(lag.any());
    CHECK(lag.in_all() == 2);
}

TEST_CASE("lazy: reads as the initial value until it is changed") {
    Lazy<std::vector<int>> lazy;
    CHECK(lazy->empty());
    CHECK_FALSE(lazy.exists());
    lazy.change().push_back(1);
    CHECK(lazy->size() == 1);
    lazy.reset();
    CHECK(lazy->empty());
}
