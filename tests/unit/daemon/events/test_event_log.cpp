// SPDX-License-Identifier: BSD-3-Clause
// EventLog: numbers, history and sinks of events.
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "daemon/events/event_log.hpp"

using namespace exapulse;

namespace {

struct Sink final : EventSink {
    void on_event(const Event& event, const EventPlace& place, const std::string& line) override {
        told.push_back(fmt::format("{} {} {}", name_of(event.type), place.seq, place.boot));
        lines.push_back(line);
    }
    std::vector<std::string> told, lines;
};

Event event_of(EventType type) {
    Event event;
    event.type = type;
    if (type == EventType::Peers) event.peers.emplace();
    return event;
}

}  // namespace

TEST_CASE("every sink is given every event with its number and its line") {
    EventLog log("boot", WallTime{}, 10);
    CHECK(log.place().seq == 0);
    Sink first, second;
    log.add(first);
    log.publish(event_of(EventType::Connected));
    log.add(second);
    log.publish(event_of(EventType::Stopping));
    CHECK(first.told == std::vector<std::string>{"connected 1 boot", "stopping 2 boot"});
    CHECK(second.told == std::vector<std::string>{"stopping 2 boot"});
    CHECK(second.lines == std::vector<std::string>{first.lines.at(1)});
    CHECK(log.place().seq == 2);
    CHECK(log.history().excerpt(std::nullopt, every_happening(), 1U << 20).lines == first.lines);
}

TEST_CASE("a snapshot of the peers has no number of its own and is not kept") {
    EventLog log("boot", WallTime{}, 10);
    Sink sink;
    log.add(sink);
    log.publish(event_of(EventType::Connected));
    log.publish(event_of(EventType::Peers));
    CHECK(sink.told == std::vector<std::string>{"connected 1 boot", "peers 1 boot"});
    CHECK(log.history().size() == 1);
}

TEST_CASE("the log keeps a number of events, and a lower limit applies from the next one") {
    EventLog log("boot", WallTime{}, 3);
    for (int i = 0; i < 5; ++i) log.publish(event_of(EventType::Degraded));
    CHECK(log.history().size() == 3);
    log.keep(1);
    CHECK(log.history().size() == 3);
    log.publish(event_of(EventType::Degraded));
    CHECK(log.history().size() == 1);
    CHECK(log.place().seq == 6);
}
