// SPDX-License-Identifier: BSD-3-Clause
// The tables of history.db: every older version is brought up to date, a newer one left alone.
#include <cstdint>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "common/units.hpp"
#include "daemon/store/command_table.hpp"
#include "daemon/store/event_table.hpp"
#include "daemon/store/schema.hpp"
#include "daemon/store/stored_time.hpp"
#include "tests/support/harness/temp_dir.hpp"
#include "tests/support/old_history.hpp"
#include "tests/unit/daemon/store/stored_events.hpp"

namespace exapulse::test {

namespace {

const int newest = static_cast<int>(migrations().size());

std::vector<std::string> tables_of(const std::string& path) {
    Database database(path, Database::Access::ReadOnly);
    auto query = database.prepare("SELECT sql FROM sqlite_master WHERE sql <> '' ORDER BY name");
    std::vector<std::string> tables;
    while (query.step()) tables.emplace_back(query.text(0));
    return tables;
}

}  // namespace

TEST_CASE("a store of each older version is brought up to date, and keeps its events") {
    TempDir dir;
    { EventTable fresh(dir / "fresh.db", "b", start); }
    for (std::size_t version = 0; version <= migrations().size(); ++version) {
        CAPTURE(version);
        const std::string path = dir / fmt::format("{}.db", version);
        make_old_history(path, version);
        {
            EventTable table(path, "b", start);
            table.append({stored("b", 1)});
            CommandTable commands(table.database(), table.run());
            CHECK(commands.kept_since().has_value() == (version >= 4));
            const auto page = table.read({"old", version == 0 ? 0U : 1U}, every_happening(), roomy);
            CHECK(places(page.lines) == (version == 0 ? std::vector<std::string>{"b 1"}
                                                      : std::vector<std::string>{"old 2", "b 1"}));
        }
        CHECK(tables_of(path) == tables_of(dir / "fresh.db"));
        Database database(path, Database::Access::ReadOnly);
        CHECK(database.number("PRAGMA user_version") == newest);
        CHECK(database.number("SELECT count(*) FROM identity") == 1);
        CHECK(database.number("SELECT count(*) FROM command") == (version < 4 ? 0 : 1));
    }
}

TEST_CASE("any number in a row is a time that can be counted with") {
    for (const std::int64_t number : {INT64_MIN, std::int64_t{-1}, std::int64_t{0}, INT64_MAX}) {
        CAPTURE(number);
        const std::string text = format_time(time_stored(number));
        CHECK(text == (number == INT64_MAX ? "2199-12-31T23:59:59.999999Z"
                                           : "1970-01-01T00:00:00.000000Z"));
    }
    CHECK(time_stored(stored_time(start)) == start);
}

TEST_CASE("a store of a newer version is left as it is") {
    TempDir dir;
    const std::string path = dir / "history.db";
    make_old_history(path, migrations().size());
    Database(path, Database::Access::ReadWrite)
        .execute(fmt::format("PRAGMA user_version = {}", newest + 1).c_str());
    const std::string before = read_file(path);
    CHECK_THROWS_AS(refuse_newer_store(path), NewerStore);
    CHECK_THROWS_AS(EventTable(path, "b", start), NewerStore);
    EventStore store(path, "b", start, generous());
    store.write(moment(0));
    CHECK(store.state() == StoreState::Memory);
    CHECK(read_file(path).substr(100) == before.substr(100));
    CHECK(Database(path, Database::Access::ReadOnly).number("PRAGMA user_version") == newest + 1);
}

TEST_CASE("only a newer version is refused at the start") {
    TempDir dir;
    refuse_newer_store(dir / "absent.db");
    refuse_newer_store(dir.write("empty.db", ""));
    refuse_newer_store(dir.write("damaged.db", std::string(10'000, 'x')));
    { EventTable table(dir / "fresh.db", "b", start); }
    refuse_newer_store(dir / "fresh.db");
}

}  // namespace exapulse::test
