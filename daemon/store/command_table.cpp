// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/store/command_table.hpp"

#include <algorithm>

#include "daemon/store/stored_time.hpp"

namespace exapulse {

namespace {

/// A record is known by its run and its number in it, in one integer: both grow.
constexpr int bits_of_number = 40;

/// Records deleted, or searched, at a time; nothing else is written or read meanwhile.
constexpr std::int64_t commands_at_once = 5'000;
constexpr int most_searched = 20'000;

/// The size of a record without its texts.
constexpr std::uint64_t record_cost = 100;

constexpr const char* insert_command =
    "INSERT OR IGNORE INTO command(id, time, session, uid, user, pid, process, command, role,"
    " verdict, why, took, lost) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)";

constexpr const char* cost_of_all =
    "SELECT ifnull(sum(length(command) + length(why) + length(process) + length(user) + 100), 0)"
    " FROM command";

std::uint64_t cost_of(const StoredCommand& command) {
    return command.command.size() + command.why.size() + command.process.size() +
           command.user.size() + record_cost;
}

std::int64_t id_of(std::int64_t run, std::uint64_t number) {
    return run << bits_of_number | static_cast<std::int64_t>(number);
}

StoredCommand command_in(const Statement& row) {
    StoredCommand command;
    command.time = time_stored(row.number(1));
    command.session = static_cast<std::uint64_t>(row.number(2));
    command.uid = static_cast<std::uint32_t>(row.number(3));
    command.user = row.text(4);
    command.pid = row.number(5);
    command.process = row.text(6);
    command.command = row.text(7);
    command.needed = parse_role(row.text(8)).value_or(Role::None);
    command.verdict = row.text(9);
    command.why = row.text(10);
    command.took = std::chrono::microseconds(row.number(11));
    command.lost = static_cast<std::uint64_t>(row.number(12));
    return command;
}

}  // namespace

CommandTable::CommandTable(Database& database, std::int64_t run)
    : database_(database),
      run_(run),
      bytes_(static_cast<std::uint64_t>(database.number(cost_of_all))) {
    // A table that does not take commands is found out before events are written beside it.
    static_cast<void>(database.prepare(insert_command));
}

void CommandTable::append(const std::deque<StoredCommand>& commands) {
    if (commands.empty()) return;
    Transaction change(database_);
    auto insert = database_.prepare(insert_command);
    std::uint64_t added = 0;
    for (const StoredCommand& command : commands) {
        insert.bind(1, id_of(run_, command.number))
            .bind(2, stored_time(command.time))
            .bind(3, static_cast<std::int64_t>(command.session))
            .bind(4, static_cast<std::int64_t>(command.uid))
            .bind(5, command.user)
            .bind(6, command.pid)
            .bind(7, command.process)
            .bind(8, command.command)
            .bind(9, name_of(command.needed))
            .bind(10, command.verdict)
            .bind(11, command.why)
            .bind(12, static_cast<std::int64_t>(command.took.count()))
            .bind(13, static_cast<std::int64_t>(command.lost))
            .run();
        added += cost_of(command);
    }
    change.commit();
    bytes_ += added;
}

bool CommandTable::prune(WallTime oldest, std::uint64_t size) {
    // A twentieth more than necessary, rather than one record at a time.
    const std::uint64_t target = bytes_ > size ? size - size / 20 : bytes_;
    auto query = database_.prepare(
        "SELECT id, time, length(command) + length(why) + length(process) + length(user) + 100"
        " FROM command ORDER BY id LIMIT ?1");
    query.bind(1, commands_at_once);
    std::int64_t last = 0;
    std::int64_t count = 0;
    std::uint64_t freed = 0;
    while (query.step()) {
        if (time_stored(query.number(1)) >= oldest && bytes_ - std::min(bytes_, freed) <= target)
            break;
        last = query.number(0);
        freed += static_cast<std::uint64_t>(query.number(2));
        ++count;
    }
    if (count == 0) return false;
    Transaction change(database_);
    database_.prepare("DELETE FROM command WHERE id <= ?1").bind(1, last).run();
    change.commit();
    bytes_ -= std::min(bytes_, freed);
    database_.execute("PRAGMA incremental_vacuum");
    return count == commands_at_once;
}

std::optional<WallTime> CommandTable::kept_since() {
    auto query = database_.prepare("SELECT time FROM command ORDER BY id LIMIT 1");
    if (!query.step()) return std::nullopt;
    return time_stored(query.number(0));
}

CommandPage CommandTable::read(const CommandQuery& query, std::uint64_t after, std::size_t bytes) {
    CommandPage page{{}, after, false};
    if (after == 0 && query.since) {
        auto first = database_.prepare("SELECT min(id) - 1 FROM command WHERE time >= ?1");
        first.bind(1, stored_time(*query.since));
        if (!first.step() || first.is_null(0)) {
            page.end = true;
            return page;
        }
        page.last = static_cast<std::uint64_t>(first.number(0));
    }
    auto rows = database_.prepare(
        "SELECT command.id, time, session, uid, user, pid, process, command, role, verdict, why,"
        " took, lost, run.boot FROM command LEFT JOIN run ON run.id = command.id >> 40"
        " WHERE command.id > ?1 ORDER BY command.id LIMIT ?2");
    rows.bind(1, static_cast<std::int64_t>(page.last)).bind(2, std::int64_t{most_searched});
    int searched = 0;
    while (page.lines.size() < bytes) {
        if (!rows.step()) {
            page.end = searched < most_searched;
            return page;
        }
        ++searched;
        page.last = static_cast<std::uint64_t>(rows.number(0));
        const StoredCommand command = command_in(rows);
        if (fits(command, query)) page.lines.append(format_command(command, rows.text(13))) += '\n';
    }
    return page;
}

}  // namespace exapulse
