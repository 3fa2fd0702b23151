// SPDX-License-Identifier: BSD-3-Clause
// EventStore: every event that was reported, and commands, in a file as long as it can be used.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/protocol.hpp"
#include "daemon/store/command_table.hpp"
#include "daemon/store/event_table.hpp"
#include "daemon/store/route_table.hpp"
#include "daemon/store/unwritten_commands.hpp"
#include "daemon/store/unwritten_events.hpp"

namespace exapulse {

/// No fault of the file or of the disk ends the service, and none reaches the caller: what can't be
/// written waits in memory, is answered from there, and is written once that is possible. It blocks
/// as long as the disk does, and is used by one thread.
class EventStore {
  public:
    struct Limits {
        Milliseconds age{};
        std::uint64_t size = 0;
        std::size_t queue = 0;  ///< events that wait for the disk, commands and changes of peers
        /// If ExaBGP does not answer about its peers for longer, their state in that time is
        /// unknown.
        Milliseconds peers_pause = std::chrono::seconds(30);
    };
    /// `path` is the file, `boot` this run of exapulsed, which began at `started`.
    EventStore(std::string path, std::string boot, WallTime started, const Limits& limits)
        : path_(std::move(path)), boot_(std::move(boot)), started_(started), limits_(limits) {}

    void set_limits(const Limits& limits) { limits_ = limits; }

    /// From now on answers include it.
    void add(StoredEvent event) { unwritten_.add(std::move(event), limits_.queue); }
    /// The same for changes of peers, which are dropped if they would wait for long.
    void add(std::vector<PeerChange> changes, std::optional<WallTime> peers_known_until);
    /// Changes of peers have been lost since then, and can be written again:
    /// PeerRecord::start_over().
    [[nodiscard]] std::optional<WallTime> take_peers_lost();
    void add(StoredCommand command) { unwritten_commands_.add(std::move(command), limits_.queue); }
    /// Writes what waits and deletes what is too old or too much, a part of it at a time. To be
    /// called again when next_write() says so.
    void write(Moment now);
    /// The next write() tries a file that could not be used, whatever the pause.
    void end_pause() { next_write_ = {}; }
    /// When write() has something to do next, if nothing is added.
    [[nodiscard]] TimePoint next_write() const { return next_write_; }

    [[nodiscard]] HistoryStart start(std::optional<WallTime> since);
    [[nodiscard]] bool knows(const std::string& boot);
    /// As EventTable::read().
    [[nodiscard]] EventPage read(const EventPosition& after, const EventFilter& filter,
                                 std::size_t bytes);
    /// nullopt: problem() says why there is none now.
    [[nodiscard]] std::optional<EventTable::PeersUptime> peers_uptime(
        const UptimeQuestion& question);

    /// As CommandTable::kept_since() and CommandTable::read().
    [[nodiscard]] std::optional<WallTime> commands_since();
    [[nodiscard]] CommandPage read_commands(const CommandQuery& query, std::uint64_t after,
                                            std::size_t bytes);

    /// Returns why the file can't be used now; empty: the change is on disk. A file that
    /// was lost meanwhile, or replaced, may lack earlier changes: until `change.all` it takes none.
    [[nodiscard]] std::string write_routes(const RouteWrite& change);
    /// Opens the file if it is not open. nullopt: they can't be read now, for problem() if that is
    /// not empty, or because the file was damaged and is set aside.
    [[nodiscard]] std::optional<StoredRoutes> read_routes();

    /// A change of where the events are kept, once each, oldest first.
    struct Change {
        StoreState state;
        std::string detail;  ///< for people
    };
    [[nodiscard]] std::vector<Change> take_changes() { return std::exchange(changes_, {}); }
    [[nodiscard]] StoreState state() const {
        return table_ ? StoreState::File : StoreState::Memory;
    }
    /// Why the file can't be used now; empty while it is.
    [[nodiscard]] const std::string& problem() const { return problem_; }
    [[nodiscard]] std::size_t waiting() const { return unwritten_.size(); }
    [[nodiscard]] std::uint64_t bytes();
    /// nullopt while the file can't be used.
    [[nodiscard]] std::optional<EventsKept> kept();

  private:
    void open(Moment now);
    void write_all();
    void prune(Moment now);
    void lose(const std::string& why, bool damaged, Moment now);
    [[nodiscard]] std::string set_aside(WallTime now);
    /// What can be answered without the file begins there.
    [[nodiscard]] HistoryStart start_of_memory() const;
    [[nodiscard]] EventPage out_of_reach(const EventPosition& after) const;
    /// Calls `use` with the table; returns nothing if there is none, or it fails.
    template <class Use>
    auto with_table(Use use);

    std::string path_;
    std::string boot_;
    WallTime started_;
    Limits limits_;
    UnwrittenEvents unwritten_;
    std::optional<StoredEvent> newest_written_;  // into a file that may be out of reach, or gone
    std::vector<PeerChange> unwritten_peers_;
    std::optional<WallTime> peers_known_until_;
    std::optional<WallTime> peers_lost_;  // since then
    UnwrittenCommands unwritten_commands_;
    std::optional<EventTable> table_;       // nullopt: the file can't be used now
    std::optional<CommandTable> commands_;  // of the same file
    bool has_routes_ = false;               // all that write_routes() and read_routes() know of
    std::vector<Change> changes_;
    std::string problem_;
    TimePoint next_write_{};
    TimePoint next_seen_{};
    Milliseconds pause_{0};  // before the file is tried again
    std::optional<TimePoint> opened_;
};

}  // namespace exapulse
