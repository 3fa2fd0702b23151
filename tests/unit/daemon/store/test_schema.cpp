// SPDX-License-Identifier: BSD-3-Clause
// The tables of history.db: every older version is brought up to date, a newer one left alone.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "daemon/store/command_table.hpp"
#include "daemon/store/event_table.hpp"
#include "daemon/store/schema.hpp"
#include "tests/support/harness/temp_dir.hpp"
#include "tests/unit/daemon/store/stored_events.hpp"

namespace exapulse::test {

namespace {

const int newest = static_cast<int>(migrations().size());

/// A file as an exapulsed of that version left it, with two events of an earlier run.
void make_old(const std::string& path, std::size_t version) {
    Database database(path, Database::Access::ReadWrite);
    for (std::size_t i = 0; i < version; ++i) database.execute(migrations()[i]);
    database.execute(fmt::format("PRAGMA user_version = {}", version).c_str());
    if (version == 0) return;
    database.execute("INSERT INTO run(id, boot, started, seen) VALUES(1, 'old', 0, 10)");
    database.execute("INSERT INTO pruned VALUES(1, 1, 0, 0, '')");
    if (version >= 4)
        database.execute(
            "INSERT INTO command VALUES(1 << 40 | 7, 5, 3, 0, 'root', 12, 'sh', 'announce', "
            "'operate',"
            " 'done', '', 9, 0)");
    for (std::uint64_t seq = 1; seq <= 2; ++seq)
        database.execute(fmt::format("INSERT INTO event(run, seq, time, type, line)"
                                     " VALUES(1, {}, 5, 'degraded', '{}')",
                                     seq, stored("old", seq).line)
                             .c_str());
}

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
        make_old(path, version);
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

TEST_CASE("a store of a newer version is left as it is") {
    TempDir dir;
    const std::string path = dir / "history.db";
    make_old(path, migrations().size());
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
