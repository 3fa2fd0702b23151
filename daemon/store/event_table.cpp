// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/store/event_table.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "daemon/store/schema.hpp"
#include "daemon/store/stored_time.hpp"

namespace exapulse {

namespace {

/// Rows deleted at a time; nothing else is written or read meanwhile.
constexpr std::int64_t prune_step = 5'000;

/// The newest runs of exapulsed that an answer names.
constexpr std::int64_t most_runs = 1'000;

/// SQLite's own default; beyond it the log of changes is written into the file and started over.
/// FULL: a commit has reached the disk. The cache, in KiB, is half of the default: what is written
/// comes in order, and little is read.
constexpr const char* settings =
    "PRAGMA auto_vacuum = INCREMENTAL;"
    "PRAGMA journal_mode = WAL;"
    "PRAGMA synchronous = FULL;"
    "PRAGMA journal_size_limit = 1048576;"
    "PRAGMA cache_size = -1000;"
    "PRAGMA temp_store = MEMORY;";

/// Every query gets gaps.
std::string list_of(const EventTypes& types) {
    std::string list = fmt::format("'{}'", name_of(EventType::Gap));
    for (std::size_t i = 0; i < types.size(); ++i)
        if (types.test(i)) list += fmt::format(", '{}'", event_type_names[i]);
    return list;
}

}  // namespace

EventTable::EventTable(const std::string& path, std::string boot, WallTime started,
                       const std::optional<StoredEvent>& lost)
    : database_(path, Database::Access::ReadWrite), peers_(database_), boot_(std::move(boot)) {
    database_.execute(settings);
    if (auto check = database_.prepare("PRAGMA quick_check(1)"); check.step())
        if (check.text(0) != "ok") throw DatabaseError(std::string(check.text(0)), damaged_file);
    migrate(database_);
    Transaction change(database_);
    database_.prepare("INSERT OR IGNORE INTO run(boot, started, seen) VALUES(?1, ?2, ?2)")
        .bind(1, boot_)
        .bind(2, stored_time(started))
        .run();
    run_ = run_of(boot_);
    database_
        .prepare(
            "INSERT OR IGNORE INTO pruned(one, run, seq, time, line) VALUES(1, ?1, ?2, ?3, ?4)")
        .bind(1, run_)
        .bind(2, lost ? static_cast<std::int64_t>(lost->at.seq) : 0)
        .bind(3, stored_time(lost ? lost->time : started))
        .bind(4, lost ? std::string_view(lost->line) : "")
        .run();
    change.commit();
}

void EventTable::append(const std::vector<StoredEvent>& events,
                        const std::vector<PeerChange>& peers,
                        std::optional<WallTime> peers_known_until) {
    if (events.empty() && peers.empty()) return;
    Transaction change(database_);
    peers_.append(run_, peers);
    append_events(events);
    if (peers_known_until)
        database_
            .prepare(
                "UPDATE run SET seen = max(seen, ?2), peers_heard = max(peers_heard, ?2)"
                " WHERE id = ?1")
            .bind(1, run_)
            .bind(2, stored_time(*peers_known_until))
            .run();
    change.commit();
}

void EventTable::append_events(const std::vector<StoredEvent>& events) {
    if (events.empty()) return;
    auto insert = database_.prepare(
        "INSERT OR IGNORE INTO event(run, seq, time, type, line) VALUES(?1, ?2, ?3, ?4, ?5)");
    auto identity = database_.prepare(
        "INSERT INTO identity(uuid, first, last) VALUES(?1, ?2, ?2)"
        " ON CONFLICT(uuid) DO UPDATE SET last = excluded.last");
    for (const StoredEvent& event : events) {
        insert.bind(1, run_)
            .bind(2, static_cast<std::int64_t>(event.at.seq))
            .bind(3, stored_time(event.time))
            .bind(4, name_of(event.type))
            .bind(5, event.line)
            .run();
        if (!event.uuid.empty())
            identity.bind(1, event.uuid).bind(2, stored_time(event.time)).run();
    }
    database_.prepare("UPDATE run SET seen = max(seen, ?2) WHERE id = ?1")
        .bind(1, run_)
        .bind(2, stored_time(events.back().time))
        .run();
}

void EventTable::seen(WallTime now, std::optional<WallTime> peers_known_until) {
    database_.prepare("UPDATE run SET seen = ?2, peers_heard = ?3 WHERE id = ?1")
        .bind(1, run_)
        .bind(2, stored_time(now))
        .bind(3, peers_known_until ? stored_time(*peers_known_until) : 0)
        .run();
}

bool EventTable::prune(WallTime oldest, std::uint64_t size) {
    peers_.prune(complete_since());
    const std::int64_t first = database_.number("SELECT min(id) FROM event");
    if (first == 0) return false;
    const std::int64_t last = database_.number("SELECT max(id) FROM event");

    auto query = database_.prepare("SELECT min(id) FROM event WHERE time >= ?1");
    query.bind(1, stored_time(oldest));
    std::int64_t keep = query.step() && !query.is_null(0) ? query.number(0) : last + 1;
    if (keep == first && bytes() > size)
        keep = first + std::max<std::int64_t>((last - first) / 20, 1);
    if (keep == first) return false;
    delete_up_to(std::min(keep, first + prune_step) - 1);
    return keep > first + prune_step || bytes() > size;
}

void EventTable::delete_up_to(std::int64_t id) {
    {
        Transaction change(database_);
        database_
            .prepare(
                "REPLACE INTO pruned(one, run, seq, time, line)"
                " SELECT 1, run, seq, time, line FROM event WHERE id <= ?1"
                " ORDER BY id DESC LIMIT 1")
            .bind(1, id)
            .run();
        database_.prepare("DELETE FROM event WHERE id <= ?1").bind(1, id).run();
        // A run without events is needed only as long as the events around it are kept.
        database_
            .prepare(
                "DELETE FROM run WHERE seen < (SELECT time FROM pruned) AND id < ?1"
                " AND id < (SELECT min(run) FROM event)")
            .bind(1, run_)
            .run();
        change.commit();
    }
    database_.execute("PRAGMA incremental_vacuum");
}

WallTime EventTable::complete_since() {
    return time_stored(database_.number("SELECT time FROM pruned"));
}

EventTable::PeersUptime EventTable::peers_uptime(const UptimeQuestion& question) {
    const WallTime kept = complete_since();
    PeersUptime answer;
    answer.complete = !question.since || *question.since >= kept;
    answer.from = answer.complete && question.since ? *question.since : kept;
    answer.reports = peers_.uptime(run_, answer.from, question);
    return answer;
}

/// The ids have no holes: rows are deleted from the oldest on.
EventsKept EventTable::kept() {
    const std::int64_t first = database_.number("SELECT min(id) FROM event");
    const std::int64_t last = database_.number("SELECT max(id) FROM event");
    return {complete_since(), first == 0 ? 0 : static_cast<std::uint64_t>(last - first + 1)};
}

std::uint64_t EventTable::bytes() {
    const auto pages =
        database_.number("PRAGMA page_count") - database_.number("PRAGMA freelist_count");
    return static_cast<std::uint64_t>(pages * database_.number("PRAGMA page_size"));
}

std::int64_t EventTable::run_of(const std::string& boot) {
    auto query = database_.prepare("SELECT id FROM run WHERE boot = ?1");
    query.bind(1, boot);
    return query.step() ? query.number(0) : 0;
}

bool EventTable::knows(const std::string& boot) {
    return run_of(boot) != 0;
}

std::vector<RunOfExapulsed> EventTable::runs_since(WallTime from) {
    auto query = database_.prepare(
        "SELECT boot, started, seen FROM run WHERE seen >= ?1 OR id = ?2 ORDER BY id DESC LIMIT "
        "?3");
    query.bind(1, stored_time(from)).bind(2, run_).bind(3, most_runs);
    std::vector<RunOfExapulsed> runs;
    while (query.step())
        runs.push_back({std::string(query.text(0)), time_stored(query.number(1)),
                        time_stored(query.number(2))});
    std::reverse(runs.begin(), runs.end());
    return runs;
}

HistoryStart EventTable::start(std::optional<WallTime> since) {
    HistoryStart start;
    auto begin = database_.prepare("SELECT time, line FROM pruned");
    if (begin.step()) {
        start.from = time_stored(begin.number(0));
        set_start_after(begin.text(1), start);
    }
    start.complete = !since || *since >= start.from;
    if (since) {
        auto before = database_.prepare(
            "SELECT line, time FROM event WHERE id < ifnull((SELECT min(id) FROM event"
            " WHERE time >= ?1), (SELECT max(id) + 1 FROM event)) ORDER BY id DESC LIMIT 1");
        before.bind(1, stored_time(*since));
        if (before.step()) set_start_after(before.text(0), start);
        if (start.complete) start.from = *since;
    }
    start.runs = runs_since(start.from);
    // An exapulsed that started after that event did not know ExaBGP's state yet. No run after that
    // of the next event counts: if the clock was set back, it started at an earlier time.
    auto run = database_.prepare(
        "SELECT boot FROM run WHERE started <= ?1 AND id > ?2 AND id <= ifnull("
        "(SELECT min(run) FROM event WHERE (run, seq) > (?2, ?3)), (SELECT max(id) FROM run))"
        " ORDER BY id DESC LIMIT 1");
    run.bind(1, stored_time(start.from))
        .bind(2, run_of(start.after.boot))
        .bind(3, static_cast<std::int64_t>(start.after.seq));
    if (run.step()) {
        start.after = {std::string(run.text(0)), 0};
        start.state = HealthState::Connecting;
        start.uuid.clear();
    }
    return start;
}

/// Deletions begin with the oldest, so something is missing if the last one deleted came after it.
std::string EventTable::gap_after(std::int64_t run, std::uint64_t seq) {
    auto query = database_.prepare(
        "SELECT time, line FROM pruned WHERE line <> '' AND (run, seq) > (?1, ?2)");
    query.bind(1, run).bind(2, static_cast<std::int64_t>(seq));
    if (!query.step()) return {};
    HistoryStart start;
    start.from = time_stored(query.number(0));
    set_start_after(query.text(1), start);
    return format_gap(start, 0) + '\n';
}

EventPage EventTable::read(const EventPosition& after, const EventFilter& filter,
                           std::size_t bytes) {
    const std::int64_t run = run_of(after.boot);
    EventPage page{gap_after(run, after.seq), after, false};
    auto query = database_.prepare(
        fmt::format("SELECT run.boot, event.seq, line FROM event JOIN run ON run.id = event.run"
                    " WHERE (event.run, event.seq) > (?1, ?2) AND type IN ({}){}"
                    " ORDER BY event.run, event.seq",
                    list_of(filter.types),
                    filter.peer.empty() ? "" : " AND (type = 'gap' OR instr(line, ?3) > 0)"));
    query.bind(1, run).bind(2, static_cast<std::int64_t>(after.seq));
    if (!filter.peer.empty()) query.bind(3, filter.mark());
    while (query.step()) {
        const std::string_view line = query.text(2);
        if (page.last != after && page.lines.size() + line.size() >= bytes) return page;
        page.last = {std::string(query.text(0)), static_cast<std::uint64_t>(query.number(1))};
        page.lines.append(line).append("\n");
    }
    page.end = true;
    auto newest = database_.prepare(
        "SELECT run.boot, event.seq FROM event JOIN run ON run.id = event.run"
        " WHERE (event.run, event.seq) > (?1, ?2)"
        " ORDER BY event.run DESC, event.seq DESC LIMIT 1");
    newest.bind(1, run).bind(2, static_cast<std::int64_t>(after.seq));
    if (newest.step())
        page.last = {std::string(newest.text(0)), static_cast<std::uint64_t>(newest.number(1))};
    return page;
}

}  // namespace exapulse
