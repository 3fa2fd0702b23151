// SPDX-License-Identifier: BSD-3-Clause
// EventTable: the events in the file, of this run of exapulsed and of earlier ones.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "daemon/store/database.hpp"
#include "daemon/store/peer_change_table.hpp"
#include "daemon/store/store_status.hpp"
#include "daemon/store/stored_event.hpp"

namespace exapulse {

/// Every call may throw DatabaseError, and has then changed nothing.
class EventTable {
  public:
    /// Brings the tables up to date, and notes the run `boot` of exapulsed, which began at
    /// `started`. `lost` is the newest event of that run that an earlier file had: one that begins
    /// now has it as its last one deleted. Throws NewerStore.
    EventTable(const std::string& path, std::string boot, WallTime started,
               const std::optional<StoredEvent>& lost = {});
    EventTable(const EventTable&) = delete;
    EventTable& operator=(const EventTable&) = delete;

    /// All of them or none. An event that is there already, after a commit whose outcome was not
    /// known, is not added again.
    void append(const std::vector<StoredEvent>& events, const std::vector<PeerChange>& peers = {},
                std::optional<WallTime> peers_known_until = {});
    /// This run is still alive, and knows how the peers were until `peers_known_until`.
    void seen(WallTime now, std::optional<WallTime> peers_known_until = {});
    /// Deletes events from before `oldest`, and of the others the oldest until all fit `size`, a
    /// bounded number of them. True when a further call has more to do.
    [[nodiscard]] bool prune(WallTime oldest, std::uint64_t size);

    /// As EventHistory::excerpt().
    [[nodiscard]] HistoryStart start(std::optional<WallTime> since);
    /// Whether a run of exapulsed is known, at least as long as one of its events is kept.
    [[nodiscard]] bool knows(const std::string& boot);
    /// Events that fit `filter` after `after`, a `gap` first if some have been deleted, up to
    /// `bytes` and one at least.
    [[nodiscard]] EventPage read(const EventPosition& after, const EventFilter& filter,
                                 std::size_t bytes);

    struct PeersUptime {
        WallTime from{};
        bool complete = true;  ///< it goes back as far as was asked
        std::vector<PeerUptime::Report> reports{};
    };
    [[nodiscard]] PeersUptime peers_uptime(const UptimeQuestion& question);

    [[nodiscard]] EventsKept kept();

    /// The size of the file without its free pages.
    [[nodiscard]] std::uint64_t bytes();

    /// For the other tables of the file.
    [[nodiscard]] Database& database() { return database_; }
    /// The number of this run of exapulsed.
    [[nodiscard]] std::int64_t run() const { return run_; }

  private:
    [[nodiscard]] std::int64_t run_of(const std::string& boot);
    [[nodiscard]] std::string gap_after(std::int64_t run, std::uint64_t seq);
    [[nodiscard]] std::vector<RunOfExapulsed> runs_since(WallTime from);
    void delete_up_to(std::int64_t id);
    void append_events(const std::vector<StoredEvent>& events);
    /// Nothing since then has been deleted.
    [[nodiscard]] WallTime complete_since();

    Database database_;
    PeerChangeTable peers_;
    std::string boot_;
    std::int64_t run_ = 0;
};

}  // namespace exapulse
