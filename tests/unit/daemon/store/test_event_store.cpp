// SPDX-License-Identifier: BSD-3-Clause
// EventStore: what is kept, what is answered, and every fault of the file.
#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <random>
#include <sys/resource.h>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/support/damaged_history.hpp"
#include "tests/support/harness/temp_dir.hpp"
#include "tests/unit/daemon/store/stored_events.hpp"

namespace exapulse::test {

namespace {

using Places = std::vector<std::string>;

/// A run of exapulsed on the file.
struct Run {
    EventStore store;
    std::string boot;
    int clock = 0;

    Run(const std::string& path, std::string name, int started = 0,
        const EventStore::Limits& limits = generous())
        : store(path, name, start + std::chrono::seconds(started), limits),
          boot(std::move(name)),
          clock(started) {
        write();
    }
    void write() { store.write(moment(++clock)); }
    /// Numbers `first` to `last`.
    void add(std::uint64_t first, std::uint64_t last) {
        for (std::uint64_t seq = first; seq <= last; ++seq) store.add(stored(boot, seq));
        write();
    }
    Places after(const EventPosition& position, const EventTypes& types = every_happening()) {
        return places(store.read(position, types, roomy).lines);
    }
    Places all() { return after(store.start(std::nullopt).after); }
    std::vector<StoreState> changes() {
        std::vector<StoreState> states;
        for (const auto& change : store.take_changes()) states.push_back(change.state);
        return states;
    }
};

EventTypes only(EventType type) {
    return EventTypes().set(static_cast<std::size_t>(type));
}

std::vector<std::string> files_in(const TempDir& dir) {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(dir.path()))
        names.push_back(entry.path().filename().string());
    std::sort(names.begin(), names.end());
    return names;
}

bool has_damaged(const TempDir& dir) {
    const auto files = files_in(dir);
    return std::any_of(files.begin(), files.end(), [](const std::string& name) {
        return name.find(".damaged-") != std::string::npos;
    });
}

}  // namespace

TEST_SUITE("event store") {
    TEST_CASE("events are kept across runs, and read from any place on") {
        TempDir dir;
        const std::string path = dir / "history.db";
        { Run(path, "a").add(1, 3); }
        Run run(path, "b", 100);
        run.add(1, 2);
        CHECK(run.store.state() == StoreState::File);
        CHECK(run.store.waiting() == 0);
        CHECK(run.all() == Places{"a 1", "a 2", "a 3", "b 1", "b 2"});
        CHECK(run.after({"a", 2}) == Places{"a 3", "b 1", "b 2"});
        CHECK(run.after({"a", 3}) == Places{"b 1", "b 2"});
        CHECK(run.after({"a", 9}) == Places{"b 1", "b 2"});
        CHECK(run.after({"b", 0}) == Places{"b 1", "b 2"});
        CHECK(run.after({"b", 2}).empty());
        CHECK(run.store.knows("a"));
        CHECK(run.store.knows("b"));
        CHECK_FALSE(run.store.knows("c"));
        CHECK(run.changes().empty());
    }

    TEST_CASE("a clock that was set back between two runs hides neither") {
        const TempDir dir;
        { Run(dir / "history.db", "a", 1'000).add(1, 2); }
        Run later(dir / "history.db", "b", 10);
        later.add(1, 1);
        CHECK(later.all() == Places{"a 1", "a 2", "b 1"});
    }

    TEST_CASE("pages, of the types that are wanted") {
        TempDir dir;
        Run run(dir / "history.db", "a");
        run.store.add(stored("a", 1, EventType::Connected));
        run.add(2, 5);
        Places seen;
        EventPosition at{"a", 0};
        for (bool end = false; !end;) {
            const auto page = run.store.read(at, only(EventType::Degraded), 1);
            for (const auto& place : places(page.lines)) seen.push_back(place);
            CHECK(places(page.lines).size() <= 1);
            at = page.last;
            end = page.end;
        }
        CHECK(seen == Places{"a 2", "a 3", "a 4", "a 5"});
        CHECK(run.store.read({"a", 0}, only(EventType::Failed), roomy).last ==
              EventPosition{"a", 5});
    }

    TEST_CASE("since a time: how ExaBGP was, and what was known then") {
        TempDir dir;
        const std::string path = dir / "history.db";
        {
            Run first(path, "a");
            first.store.add(stored("a", 1, EventType::Connected, 10));
            first.store.add(stored("a", 2, EventType::Degraded, 20));
            first.write();
        }
        Run run(path, "b", 100);
        run.store.add(stored("b", 1, EventType::Connected, 110));
        run.write();

        const auto all = run.store.start(std::nullopt);
        CHECK(all.complete);
        CHECK(all.from == start);
        CHECK(all.state == HealthState::Connecting);
        REQUIRE(all.runs.size() == 2);
        CHECK(all.runs[0].boot == "a");
        CHECK(all.runs[0].until >= start + std::chrono::seconds(20));
        CHECK(all.runs[1].started == start + std::chrono::seconds(100));

        const auto amid = run.store.start(start + std::chrono::seconds(15));
        CHECK(amid.complete);
        CHECK(amid.state == HealthState::Up);
        CHECK(amid.uuid == "u-a");
        CHECK(amid.after == EventPosition{"a", 1});

        const auto later = run.store.start(start + std::chrono::seconds(105));
        CHECK(later.state == HealthState::Connecting);
        CHECK(later.after == EventPosition{"b", 0});
        CHECK(later.runs.size() == 1);

        const auto earlier = run.store.start(start - std::chrono::seconds(1));
        CHECK_FALSE(earlier.complete);
        CHECK(earlier.from == start);
        const auto future = run.store.start(start + std::chrono::seconds(900));
        CHECK(future.after == EventPosition{"b", 1});
        CHECK(run.after(future.after).empty());
    }

    TEST_CASE("what is too old is deleted, and a gap stands for it") {
        TempDir dir;
        auto limits = generous();
        limits.age = std::chrono::seconds(1'000);
        Run run(dir / "history.db", "a", 0, limits);
        run.add(1, 10);
        run.clock = 1'005;
        run.write();
        CHECK(run.all() == Places{"a 6", "a 7", "a 8", "a 9", "a 10"});
        CHECK(run.after({"a", 2}) == Places{"gap a 5", "a 6", "a 7", "a 8", "a 9", "a 10"});
        CHECK(run.after({"a", 5}) == Places{"a 6", "a 7", "a 8", "a 9", "a 10"});
        CHECK(run.after({"a", 8}) == Places{"a 9", "a 10"});
        const auto begin = run.store.start(std::nullopt);
        CHECK(begin.after == EventPosition{"a", 5});
        CHECK(begin.from == start + std::chrono::seconds(5));
        CHECK_FALSE(run.store.start(start).complete);

        run.clock = 5'000;
        run.write();
        CHECK(run.all().empty());
        CHECK(run.after({"a", 5}) == Places{"gap a 10"});
        CHECK(run.after({"a", 10}).empty());
        run.add(11, 11);
        CHECK(run.after({"a", 10}) == Places{"a 11"});
    }

    TEST_CASE("the file stays within its size") {
        TempDir dir;
        auto limits = generous();
        limits.size = 1U << 20;
        limits.queue = 100'000;
        Run run(dir / "history.db", "a", 0, limits);
        std::uint64_t seq = 0;
        for (int i = 0; i < 10; ++i) {
            run.add(seq + 1, seq + 2'000);
            seq += 2'000;
            while (run.store.next_write() <= moment(run.clock).steady) run.write();
            run.clock += 100;
        }
        for (int i = 0; i < 100; ++i) run.write();
        CHECK(run.store.bytes() <= limits.size);
        CHECK(std::filesystem::file_size(dir / "history.db") <= limits.size * 2);
        const Places kept = run.all();
        CHECK(kept.size() > 1'000);
        CHECK(kept.back() == "a 20000");
        CHECK(run.after({"a", 1}).front().starts_with("gap a "));
    }

    TEST_CASE("without a place for the file events are kept in memory, then written") {
        TempDir dir;
        const std::string path = dir / "absent/history.db";
        auto limits = generous();
        limits.queue = 3;
        Run run(path, "a", 0, limits);
        run.add(1, 2);
        CHECK(run.changes() == std::vector{StoreState::Memory});
        CHECK(run.store.state() == StoreState::Memory);
        CHECK_FALSE(run.store.problem().empty());
        CHECK(run.all() == Places{"a 1", "a 2"});
        CHECK(run.after({"a", 1}) == Places{"a 2"});
        CHECK(run.store.knows("a"));
        CHECK_FALSE(run.store.knows("b"));
        CHECK(run.store.start(std::nullopt).from == start);
        run.add(3, 5);
        CHECK(run.all() == Places{"gap a 2", "a 3", "a 4", "a 5"});

        std::filesystem::create_directory(dir / "absent");
        for (int i = 0; i < 120 && run.store.state() != StoreState::File; ++i) run.write();
        CHECK(run.changes() == std::vector{StoreState::File});
        CHECK(run.store.problem().empty());
        CHECK(run.store.waiting() == 0);
        run.add(6, 6);
        CHECK(run.all() == Places{"gap a 2", "a 3", "a 4", "a 5", "a 6"});
    }

    TEST_CASE("a full disk: what was written is answered, what was not waits") {
        TempDir dir;
        const auto earlier = std::signal(SIGXFSZ, SIG_IGN);
        rlimit unlimited{};
        REQUIRE(getrlimit(RLIMIT_FSIZE, &unlimited) == 0);
        Run run(dir / "history.db", "a");
        run.add(1, 10);
        rlimit small = unlimited;
        small.rlim_cur = 64U << 10;
        REQUIRE(setrlimit(RLIMIT_FSIZE, &small) == 0);
        // Room in the log of changes is found again when the file is opened anew: for a while.
        std::uint64_t seq = 10;
        for (int full = 0; full < 20 && seq < 5'000; ++seq) {
            run.add(seq + 1, seq + 1);
            full = run.store.state() == StoreState::Memory ? full + 1 : 0;
        }
        const StoreState state = run.store.state();
        const Places while_full = run.after({"a", seq - 2});
        const Places out_of_reach = run.after({"a", 1});
        const auto changes = run.changes();
        REQUIRE(setrlimit(RLIMIT_FSIZE, &unlimited) == 0);
        static_cast<void>(std::signal(SIGXFSZ, earlier));
        CHECK(state == StoreState::Memory);
        REQUIRE_FALSE(changes.empty());
        CHECK(changes.back() == StoreState::Memory);
        CHECK(changes.size() <= 14);  // pauses grow although the file can be opened again
        CHECK(run.store.waiting() > 0);
        REQUIRE_FALSE(out_of_reach.empty());
        CHECK(out_of_reach.front() == fmt::format("gap a {}", seq - run.store.waiting()));
        CHECK(while_full == Places{fmt::format("a {}", seq - 1), fmt::format("a {}", seq)});
        for (int i = 0; i < 120 && run.store.state() != StoreState::File; ++i) run.write();
        CHECK(run.changes() == std::vector{StoreState::File});
        const Places all = run.all();
        REQUIRE(all.size() == seq);
        CHECK(all.front() == "a 1");
        CHECK(all.back() == fmt::format("a {}", seq));
        CHECK_FALSE(has_damaged(dir));
    }

    TEST_CASE("a file that is no database is put aside") {
        for (const std::string& content :
             {std::string(100'000, 'x'), std::string("SQLite format 3"), std::string(512, '\0')}) {
            CAPTURE(content.substr(0, 15));
            TempDir dir;
            const std::string path = dir.write("history.db", content);
            Run run(path, "a");
            run.add(1, 2);
            run.write();
            CHECK(run.all() == Places{"a 1", "a 2"});
            CHECK(run.store.state() == StoreState::File);
            CHECK(has_damaged(dir));
            CHECK(run.changes() == std::vector{StoreState::SetAside});
        }
    }

    TEST_CASE("a file with other tables is left alone, and nothing is lost") {
        for (const char* change : {"ALTER TABLE command RENAME COLUMN verdict TO verdit",
                                   "DROP TABLE peer_change", "PRAGMA user_version = 1"}) {
            CAPTURE(std::string(change));
            TempDir dir;
            const std::string path = dir / "history.db";
            { Run(path, "a").add(1, 3); }
            Database(path, Database::Access::ReadWrite).execute(change);
            Run run(path, "b");
            run.store.add(StoredCommand{.number = 1});
            run.store.add({{start, "192.0.2.1", PeerChange::State::Up}}, start);
            run.add(1, 2);
            run.write();
            CHECK(run.store.state() == StoreState::Memory);
            CHECK(run.changes() == std::vector{StoreState::Memory});
            CHECK(run.after({"b", 0}) == Places{"b 1", "b 2"});
            CHECK_FALSE(has_damaged(dir));
        }
    }

    TEST_CASE("what a file had that is put aside while exapulsed runs is a gap") {
        TempDir dir;
        const std::string path = dir / "history.db";
        { Run(path, "a").add(1, 3); }
        Run run(path, "b", 100);
        run.add(1, 5);
        damage_schema(path);
        SUBCASE("found by a writer") {
            run.add(6, 7);
            run.write();
        }
        SUBCASE("found by a reader") {
            CHECK(run.after({"b", 2}) == Places{"gap b 5"});
            CHECK(run.after({"b", 5}).empty());
            CHECK(run.after({"a", 1}) == Places{"gap b 5"});
            CHECK(run.store.start(std::nullopt).after == EventPosition{"b", 5});
            run.store.end_pause();
            run.add(6, 7);
        }
        CHECK(run.store.state() == StoreState::File);
        CHECK(run.changes() == std::vector{StoreState::SetAside});
        CHECK(run.after({"b", 2}) == Places{"gap b 5", "b 6", "b 7"});
        CHECK(run.after({"b", 5}) == Places{"b 6", "b 7"});
        CHECK(run.all() == Places{"b 6", "b 7"});
        const auto begin = run.store.start(std::nullopt);
        CHECK(begin.from == start + std::chrono::seconds(5));
        CHECK(begin.state == HealthState::Degraded);
        CHECK(run.store.start(begin.from).complete);
        CHECK_FALSE(run.store.start(begin.from - std::chrono::seconds(1)).complete);
    }

    TEST_CASE("a damaged file is answered from, or put aside") {
        TempDir origin;
        const std::string whole = origin / "history.db";
        { Run(whole, "a").add(1, 500); }
        const std::string content = read_file(whole);
        REQUIRE(content.size() > 50'000);
        std::minstd_rand random(7);
        for (int round = 0; round < 60; ++round) {
            CAPTURE(round);
            std::string bad = content;
            if (round % 2 == 0)
                bad.resize(random() % bad.size());
            else
                for (int i = 0; i < 300; ++i)
                    bad[random() % bad.size()] = static_cast<char>(random());
            // SQLite would only read this one.
            if (round == 0) bad = content, bad[18] = 3;
            TempDir dir;
            const std::string path = dir.write("history.db", bad);
            Run run(path, "b", 1'000);
            run.add(1, 2);
            run.write();
            run.write();
            CHECK(run.store.state() == StoreState::File);
            const Places all = run.all();
            run.write();
            const Places again = run.all();
            REQUIRE(again.size() >= 2);
            CHECK(again.back() == "b 2");
            CHECK((has_damaged(dir) || again.size() == 502 || bad.empty()));
        }
    }
}

}  // namespace exapulse::test
