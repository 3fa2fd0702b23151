// SPDX-License-Identifier: BSD-3-Clause
// EventStore and StoreThread: records of commands, what is kept of them and what is answered.
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "daemon/store/store_thread.hpp"
#include "tests/support/harness/eventually.hpp"
#include "tests/support/harness/temp_dir.hpp"
#include "tests/unit/daemon/store/stored_events.hpp"

namespace exapulse::test {

namespace {

using Texts = std::vector<std::string>;

EventStore::Limits queue_of(std::size_t records) {
    EventStore::Limits limits = generous();
    limits.queue = records;
    return limits;
}

StoredCommand record(std::uint64_t number, const std::string& text, int seconds = 1) {
    StoredCommand command;
    command.number = number;
    command.time = start + std::chrono::seconds(seconds);
    command.session = 3;
    command.uid = 1000;
    command.user = "alice";
    command.pid = 12;
    command.process = "exapulse";
    command.command = text;
    command.needed = Role::Operate;
    command.verdict = "done";
    command.took = std::chrono::microseconds(1'500);
    return command;
}

/// The commands of the lines, or "lost N".
Texts texts(const std::string& lines) {
    Texts texts;
    for (std::size_t at = 0; at < lines.size();) {
        const std::size_t end = lines.find('\n', at);
        const auto one = nlohmann::json::parse(lines.substr(at, end - at));
        texts.push_back(one.contains("lost") ? fmt::format("lost {}", one["lost"].get<int>())
                                             : one["command"].get<std::string>());
        at = end + 1;
    }
    return texts;
}

Texts all(EventStore& store, const CommandQuery& query = {}, std::size_t bytes = roomy) {
    std::string lines;
    CommandPage page;
    do {
        page = store.read_commands(query, page.last, bytes);
        lines += page.lines;
    } while (!page.end);
    return texts(lines);
}

}  // namespace

TEST_CASE("commands outlive exapulsed, and name the run they belong to") {
    TempDir dir;
    for (const char* boot : {"a", "b"}) {
        EventStore store(dir / "history.db", boot, start, generous());
        store.add(record(1, fmt::format("{} 1", boot)));
        store.add(record(2, fmt::format("{} 2", boot)));
        store.write(moment(0));
        store.add(record(3, fmt::format("{} 3", boot)));
        CHECK(all(store).back() == fmt::format("{} 3", boot));  // of those not written yet
        store.write(moment(1));
    }
    EventStore store(dir / "history.db", "c", start, generous());
    CHECK(all(store).empty());  // it has not been opened
    store.write(moment(0));
    CHECK(all(store) == Texts{"a 1", "a 2", "a 3", "b 1", "b 2", "b 3"});
    CHECK(all(store, {}, 1) == all(store));  // a record a page
    const auto page = store.read_commands({}, 0, 1);
    const auto first = nlohmann::json::parse(page.lines);
    CHECK(first["boot"] == "a");
    CHECK(first["session"] == 3);
    CHECK(first["uid"] == 1000);
    CHECK(first["user"] == "alice");
    CHECK(first["pid"] == 12);
    CHECK(first["process"] == "exapulse");
    CHECK(first["role"] == "operate");
    CHECK(first["verdict"] == "done");
    CHECK(first["why"].is_null());
    CHECK(first["took_ms"] == 1.5);
}

TEST_CASE("commands are found by time, user and peer") {
    TempDir dir;
    EventStore store(dir / "history.db", "a", start, generous());
    store.add(record(1, "announce route 192.0.2.0/24 next-hop 198.51.100.1", 10));
    StoredCommand other = record(2, "peer [192.0.2.1, 2001:db8::1] teardown 6", 20);
    other.user.clear();
    other.uid = 1001;
    store.add(std::move(other));
    store.add(record(3, "neighbor 192.0.2.11 announce eor", 30));
    for (const bool written : {false, true}) {
        CAPTURE(written);
        if (written) store.write(moment(40));
        const auto found = [&](const CommandQuery& query) { return all(store, query).size(); };
        CHECK(found({}) == 3);
        CHECK(found({.since = start + std::chrono::seconds(20)}) == 2);
        CHECK(found({.since = start + std::chrono::seconds(21)}) == 1);
        CHECK(found({.since = start + std::chrono::seconds(31)}) == 0);
        CHECK(found({.user = "alice"}) == 2);
        CHECK(found({.user = "1001"}) == 1);
        CHECK(found({.user = "bob"}) == 0);
        CHECK(found({.peer = "192.0.2.1"}) == 1);
        CHECK(found({.peer = "2001:db8::1"}) == 1);
        CHECK(found({.peer = "192.0.2.0"}) == 0);
        CHECK(found({.user = "alice", .peer = "192.0.2.11"}) == 1);
        CHECK(store.commands_since() == start + std::chrono::seconds(10));
    }
}

TEST_CASE("commands that are too old are deleted, and of too many the oldest; events stay") {
    TempDir dir;
    EventStore::Limits limits = generous();
    limits.size = 1U << 20;
    EventStore store(dir / "history.db", "a", start, limits);
    store.add(stored("a", 1, EventType::Degraded, 0));
    store.add(record(1, "old", 0));
    store.write(moment(1));
    CHECK(all(store) == Texts{"old"});
    const std::string text(1'000, 'x');
    const int day = 24 * 3600;
    for (std::uint64_t number = 2; number < 2'002; ++number) {
        store.add(record(number, fmt::format("{} {}", number, text), 90 * day));
        if (number % 500 == 0) store.write(moment(80 * day));
    }
    for (int minute = 0; minute < 20; ++minute) store.write(moment(80 * day + 61 * minute));
    const auto kept = all(store);
    CHECK(kept.size() < 512U);  // half of 1 MiB
    CHECK(kept.size() > 300U);
    CHECK(kept.back().starts_with("2001 "));
    CHECK(store.start(std::nullopt).after.seq == 0);  // no event was deleted
    CHECK(places(store.read({"a", 0}, every_happening(), roomy).lines) == Texts{"a 1"});
    store.write(moment(181 * day));
    CHECK(all(store).empty());
    CHECK_FALSE(store.commands_since());
}

TEST_CASE("records that can't be written are kept up to the limit, and the others counted") {
    TempDir dir;
    EventStore::Limits limits = generous();
    limits.queue = 3;
    EventStore store(dir / "absent/history.db", "a", start, limits);
    for (std::uint64_t number = 1; number <= 10; ++number) {
        store.add(record(number, std::to_string(number)));
        if (number % 4 == 0) store.write(moment(static_cast<int>(number)));
    }
    CHECK(store.state() == StoreState::Memory);
    CHECK(all(store) == Texts{"lost 7", "8", "9", "10"});
    std::filesystem::create_directory(dir / "absent");
    store.end_pause();
    store.write(moment(100));
    CHECK(store.state() == StoreState::File);
    CHECK(all(store) == Texts{"lost 7", "8", "9", "10"});
    CHECK(all(store, {.user = "bob"}) == Texts{"lost 7"});
}

TEST_CASE("a record that was written twice is kept once") {
    TempDir dir;
    EventTable events(dir / "history.db", "a", start);
    CommandTable commands(events.database(), events.run());
    commands.append({record(1, "x"), record(2, "y")});
    commands.append({record(2, "y"), record(3, "z")});
    CHECK(texts(commands.read({}, 0, roomy).lines) == Texts{"x", "y", "z"});
}

TEST_CASE("an answer has all commands that were recorded before the question") {
    TempDir dir;
    uv::Loop loop;
    StoreThread thread(loop,
                       std::make_unique<EventStore>(dir / "history.db", "a", start, generous()),
                       queue_of(100'000), [](const EventStore::Change&) {});
    AuditRecord made;
    made.time = std::chrono::system_clock::now();  // older ones are deleted
    made.command = "test";
    made.verdict = "done";
    for (std::size_t count = 1; count <= 3'000; ++count) {
        thread.on_record(made);
        if (count % 1'000 != 0) continue;
        std::size_t seen = 0;
        thread.ask<Texts>([](EventStore& store) { return all(store); },
                          [&](const Texts& texts) {
                              seen = texts.size();
                              loop.stop();
                          });
        loop.run();
        CHECK(seen == count);
    }
}

TEST_CASE("recorded commands are in the file soon, though nobody asks and nothing else happens") {
    TempDir dir;
    uv::Loop loop;
    StoreThread thread(loop,
                       std::make_unique<EventStore>(dir / "history.db", "a", start, generous()),
                       queue_of(100), [](const EventStore::Change&) {});
    AuditRecord made;
    made.time = std::chrono::system_clock::now();  // older ones are deleted
    made.command = "test";
    thread.on_record(made);
    const auto written = eventually([&] {
        try {
            return Database(dir / "history.db", Database::Access::ReadOnly)
                       .number("SELECT count(*) FROM command") == 1;
        } catch (const DatabaseError&) {
            return false;
        }
    });
    CHECK(written.held);
}

}  // namespace exapulse::test
