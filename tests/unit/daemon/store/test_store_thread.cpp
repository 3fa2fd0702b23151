// SPDX-License-Identifier: BSD-3-Clause
// StoreThread: questions and answers between two threads, and what an end leaves behind.
#include <doctest/doctest.h>

#include "daemon/store/store_thread.hpp"
#include "daemon/uv/timer.hpp"
#include "tests/support/harness/temp_dir.hpp"
#include "tests/unit/daemon/store/stored_events.hpp"

namespace exapulse::test {

namespace {

struct Stage {
    TempDir dir;
    uv::Loop loop;
    std::vector<StoreState> changes;

    std::unique_ptr<StoreThread> open(const std::string& boot) {
        return std::make_unique<StoreThread>(
            loop,
            std::make_unique<EventStore>(dir / "history.db", boot, std::chrono::system_clock::now(),
                                         generous()),
            generous(),
            [this](const EventStore::Change& change) { changes.push_back(change.state); });
    }
    /// Runs the loop until the store has answered what it has after `position`.
    std::vector<std::string> after(StoreThread& thread, const EventPosition& position) {
        std::vector<std::string> seen;
        thread.ask<EventPage>(
            [position](EventStore& store) {
                return store.read(position, every_happening(), roomy);
            },
            [&](const EventPage& page) {
                seen = places(page.lines);
                loop.stop();
            });
        loop.run();
        return seen;
    }
};

void publish(StoreThread& thread, std::uint64_t seq, const std::string& boot) {
    Event event;
    event.type = EventType::Degraded;
    event.time = std::chrono::system_clock::now();
    thread.on_event(event, {seq, boot}, format_event(event, {seq, boot}));
}

}  // namespace

TEST_CASE("an answer has all events that were published before the question") {
    Stage stage;
    const auto thread = stage.open("a");
    for (std::uint64_t seq = 1; seq <= 300; ++seq) {
        publish(*thread, seq, "a");
        if (seq % 100 == 0) CHECK(stage.after(*thread, {"a", 0}).size() == seq);
    }
    CHECK(thread->status().state == StoreState::File);
}

TEST_CASE("what was published is in the file at the end of the thread") {
    Stage stage;
    for (const char* boot : {"a", "b"}) {
        const auto thread = stage.open(boot);
        for (std::uint64_t seq = 1; seq <= 50; ++seq) publish(*thread, seq, boot);
    }
    const auto thread = stage.open("c");
    CHECK(stage.after(*thread, {"a", 0}).size() == 100);
    CHECK(stage.changes.empty());
}

TEST_CASE("a snapshot of peers is not kept") {
    Stage stage;
    const auto thread = stage.open("a");
    Event peers;
    peers.type = EventType::Peers;
    peers.peers.emplace();
    thread->on_event(peers, {0, "a"}, "{}");
    CHECK(stage.after(*thread, {"a", 0}).empty());
}

TEST_CASE("a change of the store is reported on the loop") {
    Stage stage;
    static_cast<void>(stage.dir.write("history.db", std::string(10'000, 'x')));
    const auto thread = stage.open("a");
    static_cast<void>(stage.after(*thread, {"a", 0}));
    static_cast<void>(stage.after(*thread, {"a", 0}));
    CHECK(stage.changes == std::vector{StoreState::SetAside});
}

}  // namespace exapulse::test
