// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/store/event_store.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <iterator>
#include <type_traits>
#include <utility>

#include <fmt/format.h>

#include "common/units.hpp"
#include "daemon/store/schema.hpp"
#include "daemon/system/clock.hpp"

namespace exapulse {

namespace {

using namespace std::chrono_literals;

constexpr Milliseconds first_pause = 1s;
constexpr Milliseconds longest_pause = 1min;

/// After a file could be used for this long, the first pause applies again. A disk that is nearly
/// full takes a few events whenever the file is opened, and must not be reported each second.
constexpr Milliseconds long_enough = 10s;

/// How often the file records that exapulsed is alive, and what is too old is deleted.
constexpr Milliseconds upkeep_interval = 1min;

/// Commands take at most one half of the file: a flood of them must not push out the events.
constexpr std::uint64_t share_of_commands = 2;

}  // namespace

void EventStore::add(std::vector<PeerChange> changes, std::optional<WallTime> peers_known_until) {
    peers_known_until_ = peers_known_until;
    unwritten_peers_.insert(unwritten_peers_.end(), std::make_move_iterator(changes.begin()),
                            std::make_move_iterator(changes.end()));
    // The state of all peers at once is always accepted.
    if (unwritten_peers_.size() <= std::max(limits_.queue, changes.size())) return;
    if (!peers_lost_) peers_lost_ = unwritten_peers_.front().time;
    unwritten_peers_.clear();
}

std::optional<WallTime> EventStore::take_peers_lost() {
    return table_ ? std::exchange(peers_lost_, {}) : std::nullopt;
}

void EventStore::write(Moment now) {
    if (!table_ && now.steady >= next_write_) open(now);
    if (!table_) return;
    try {
        write_all();
        prune(now);
    } catch (const DatabaseError& error) {
        lose(error.what(), error.damaged(), now);
    }
}

void EventStore::open(Moment now) {
    try {
        table_.emplace(path_, boot_, started_, newest_written_);
        commands_.emplace(table_->database(), table_->run());
        write_all();
    } catch (const DatabaseError& error) {
        lose(error.what(), error.damaged(), now);
        return;
    } catch (const NewerStore& error) {
        lose(error.what(), false, now);
        return;
    }
    if (!problem_.empty())
        changes_.push_back({StoreState::File, fmt::format("{} can be written again", path_)});
    problem_.clear();
    opened_ = now.steady;
    next_seen_ = next_write_ = now.steady;
}

void EventStore::write_all() {
    if (!unwritten_.empty() || !unwritten_peers_.empty()) {
        std::vector<StoredEvent> events;
        unwritten_.each([&](const StoredEvent& event) { events.push_back(event); });
        table_->append(events, unwritten_peers_, peers_known_until_);
        if (!events.empty()) newest_written_ = std::move(events.back());
        unwritten_.clear();
        unwritten_peers_.clear();
    }
    if (!unwritten_commands_.empty()) {
        commands_->append(unwritten_commands_.all());
        unwritten_commands_.clear();
    }
}

void EventStore::prune(Moment now) {
    if (now.steady < next_write_) return;
    if (now.steady >= next_seen_) {
        table_->seen(now.wall, peers_known_until_);
        next_seen_ = now.steady + upkeep_interval;
    }
    const WallTime oldest = now.wall - limits_.age;
    // Events are deleted for their size only once there are not too many commands.
    const bool more = commands_->prune(oldest, limits_.size / share_of_commands) ||
                      table_->prune(oldest, limits_.size);
    next_write_ = more ? now.steady : next_seen_;
}

/// A damaged file is renamed, and the next attempt creates another; after any other fault the file
/// is tried again later.
void EventStore::lose(const std::string& why, bool damaged, Moment now) {
    has_routes_ = false;
    commands_.reset();
    table_.reset();
    if (damaged) {
        const std::string failed = set_aside(now.wall);
        if (failed.empty()) {
            peers_lost_ = now.wall;
            next_write_ = now.steady;
            return;
        }
    }
    const std::string problem = fmt::format("{}: {}", path_, why);
    if (problem_.empty())
        changes_.push_back(
            {StoreState::Memory,
             fmt::format(
                 "{}; events are kept in memory, up to history.queue ({}) of them, until it "
                 "can be written",
                 problem, limits_.queue)});
    problem_ = problem;
    if (opened_ && now.steady - *opened_ >= long_enough) pause_ = 0ms;
    opened_.reset();
    pause_ = pause_ == 0ms ? first_pause : std::min(pause_ * 2, longest_pause);
    next_write_ = now.steady + pause_;
}

/// Returns why it can't be done, empty when it has been.
std::string EventStore::set_aside(WallTime now) {
    std::string stamp = format_time(now);
    stamp.resize(std::min(stamp.find('.'), stamp.size()));
    const std::string aside = fmt::format("{}.damaged-{}", path_, stamp);
    for (const char* suffix : {"", "-wal", "-shm"})
        if (std::rename((path_ + suffix).c_str(), (aside + suffix).c_str()) != 0 && errno != ENOENT)
            return std::strerror(errno);
    changes_.push_back(
        {StoreState::SetAside,
         fmt::format("{} was damaged; it is kept as {}, and a new one begins", path_, aside)});
    return {};
}

template <class Use>
auto EventStore::with_table(Use use) {
    std::optional<std::invoke_result_t<Use, EventTable&>> result;
    if (!table_) return result;
    try {
        result = use(*table_);
    } catch (const DatabaseError& error) {
        lose(error.what(), error.damaged(), now());
    }
    return result;
}

HistoryStart EventStore::start_of_memory() const {
    HistoryStart start;
    start.from = started_;
    start.after.boot = boot_;
    if (newest_written_) {
        start.from = newest_written_->time;
        set_start_after(newest_written_->line, start);
    }
    return start;
}

HistoryStart EventStore::start(std::optional<WallTime> since) {
    auto start = with_table([&](EventTable& table) { return table.start(since); });
    if (!start) {
        start = start_of_memory();
        start->complete = !since || *since >= start->from;
        start->runs.push_back({boot_, started_, started_});
        if (since && start->complete) start->from = *since;
    }
    bool before = since.has_value();
    unwritten_.each([&](const StoredEvent& event) {
        before = before && event.time < *since;
        if (before) set_start_after(event.line, *start);
    });
    return *start;
}

bool EventStore::knows(const std::string& boot) {
    if (boot == boot_) return true;
    return with_table([&](EventTable& table) { return table.knows(boot); }).value_or(false);
}

/// What was written into the file, and can't be read now, is a gap.
EventPage EventStore::out_of_reach(const EventPosition& after) const {
    const HistoryStart start = start_of_memory();
    if (after.boot == boot_ && after.seq >= start.after.seq) return {{}, after, true};
    return {format_gap(start, 0) + '\n', start.after, true};
}

EventPage EventStore::read(const EventPosition& after, const EventFilter& filter,
                           std::size_t bytes) {
    auto read = with_table([&](EventTable& table) { return table.read(after, filter, bytes); });
    EventPage page = read ? std::move(*read) : out_of_reach(after);
    if (!page.end) return page;
    unwritten_.each([&](const StoredEvent& event) {
        if (event.at.boot == page.last.boot && event.at.seq <= page.last.seq) return;
        if (!page.end) return;
        const bool wanted = filter.fits(event.type, event.line);
        if (wanted && !page.lines.empty() && page.lines.size() + event.line.size() >= bytes) {
            page.end = false;
            return;
        }
        page.last = event.at;
        if (wanted) page.lines.append(event.line).append("\n");
    });
    return page;
}

std::optional<EventTable::PeersUptime> EventStore::peers_uptime(const UptimeQuestion& question) {
    return with_table([&](EventTable& table) { return table.peers_uptime(question); });
}

std::optional<WallTime> EventStore::commands_since() {
    auto since = with_table([&](EventTable&) { return commands_->kept_since(); });
    if (since && *since) return *since;
    if (unwritten_commands_.empty()) return std::nullopt;
    return unwritten_commands_.all().front().time;
}

CommandPage EventStore::read_commands(const CommandQuery& query, std::uint64_t after,
                                      std::size_t bytes) {
    auto read = with_table([&](EventTable&) { return commands_->read(query, after, bytes); });
    CommandPage page = read ? std::move(*read) : CommandPage{{}, after, true};
    if (!page.end) return page;
    // Those that wait for the disk are few, and go with the last page.
    for (const StoredCommand& command : unwritten_commands_.all())
        if ((!query.since || command.time >= *query.since) && fits(command, query))
            page.lines.append(format_command(command, boot_)) += '\n';
    return page;
}

std::string EventStore::write_routes(const RouteWrite& change) {
    if (table_ && !change.all && !has_routes_)
        return fmt::format(
            "{} is not the file that had the kept routes, and gets all of them first", path_);
    const auto written = with_table([&](EventTable& table) {
        RouteTable(table.database()).write(change);
        return true;
    });
    if (written) {
        has_routes_ = true;
        return {};
    }
    return problem_.empty() ? fmt::format("{} was damaged, and a new one begins", path_) : problem_;
}

std::optional<StoredRoutes> EventStore::read_routes() {
    if (!table_) open(now());
    auto stored = with_table([](EventTable& table) { return RouteTable(table.database()).read(); });
    // What was in a damaged file is lost, and nothing is missing from the next.
    if (stored || problem_.empty()) has_routes_ = true;
    return stored;
}

std::uint64_t EventStore::bytes() {
    return with_table([](EventTable& table) { return table.bytes(); }).value_or(0);
}

std::optional<EventsKept> EventStore::kept() {
    return with_table([](EventTable& table) { return table.kept(); });
}

}  // namespace exapulse
