// SPDX-License-Identifier: BSD-3-Clause
// UnwrittenEvents: bounded, and honest about what it had to drop.
#include <doctest/doctest.h>

#include "daemon/store/unwritten_events.hpp"
#include "tests/unit/daemon/store/stored_events.hpp"

namespace exapulse::test {

namespace {

std::string lines_of(const UnwrittenEvents& events) {
    std::string lines;
    events.each([&](const StoredEvent& event) { lines += event.line + '\n'; });
    return lines;
}

}  // namespace

TEST_CASE("events that wait are kept in order") {
    UnwrittenEvents events;
    CHECK(events.empty());
    for (std::uint64_t seq = 1; seq <= 3; ++seq) events.add(stored("b", seq), 3);
    CHECK(places(lines_of(events)) == std::vector<std::string>{"b 1", "b 2", "b 3"});
    events.clear();
    CHECK(events.empty());
}

TEST_CASE("where too many events wait one gap stands for the oldest") {
    UnwrittenEvents events;
    for (std::uint64_t seq = 1; seq <= 5; ++seq) events.add(stored("b", seq), 2);
    CHECK(places(lines_of(events)) == std::vector<std::string>{"gap b 3", "b 4", "b 5"});
    std::uint64_t dropped = 0;
    events.each([&](const StoredEvent& event) { dropped += event.dropped; });
    CHECK(dropped == 3);
    CHECK(events.size() == 2);

    SUBCASE("and counts on when it moves to another") {
        UnwrittenEvents later;
        events.take_each([&](StoredEvent event) { later.add(std::move(event), 1); });
        CHECK(events.empty());
        CHECK(places(lines_of(later)) == std::vector<std::string>{"gap b 4", "b 5"});
        CHECK(lines_of(later).find("\"dropped\":4") != std::string::npos);
    }
}

}  // namespace exapulse::test
