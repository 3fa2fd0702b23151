// SPDX-License-Identifier: BSD-3-Clause
// EventBatch: each subscriber gets the lines of its types, in order, and nothing else.
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "daemon/events/event_batch.hpp"

namespace exapulse::test {

namespace {

EventTypes only(EventType type) {
    return EventTypes().set(static_cast<std::size_t>(type));
}

}  // namespace

TEST_CASE("the events of a turn are joined for each set of types") {
    EventBatch batch;
    CHECK(batch.empty());
    batch.add(EventType::PeerUp, 1, "one");
    batch.add(EventType::PeerDown, 2, "two");
    batch.add(EventType::PeerUp, 3, "three");
    CHECK(batch.lines_of(only(EventType::PeerUp)) == "one\nthree\n");
    CHECK(batch.lines_of(every_happening()) == "one\ntwo\nthree\n");
    CHECK(batch.lines_of(only(EventType::Failed)).empty());
    batch.add(EventType::PeerUp, 4, "four");
    CHECK(batch.lines_of(only(EventType::PeerUp)) == "one\nthree\nfour\n");

    std::vector<std::uint64_t> numbers;
    batch.each_of(only(EventType::PeerUp), [&](std::string_view line, std::uint64_t seq) {
        CHECK(line.ends_with('\n'));
        numbers.push_back(seq);
    });
    CHECK(numbers == std::vector<std::uint64_t>{1, 3, 4});

    batch.clear();
    CHECK(batch.empty());
    CHECK(batch.lines_of(every_happening()).empty());
}

}  // namespace exapulse::test
