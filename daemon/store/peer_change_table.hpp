// SPDX-License-Identifier: BSD-3-Clause
// PeerChangeTable: what is kept of each peer in the file, of this run of exapulsed and of earlier
// ones.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "daemon/store/database.hpp"
#include "daemon/store/peer_change.hpp"
#include "daemon/store/peer_uptime.hpp"

namespace exapulse {

/// What is asked about the availability of peers.
struct UptimeQuestion {
    std::optional<WallTime> since{};  ///< nullopt: all that is kept
    std::string peer{};               ///< empty: all of them
    WallTime now{};
    std::optional<WallTime> known_until{};  ///< nullopt: ExaBGP never answered
};

/// Every call may throw DatabaseError. It has no transactions of its own.
class PeerChangeTable {
  public:
    explicit PeerChangeTable(Database& database) : database_(database) {}

    void append(std::int64_t run, const std::vector<PeerChange>& changes);

    /// Since `from`; `run` is that of now.
    [[nodiscard]] std::vector<PeerUptime::Report> uptime(std::int64_t run, WallTime from,
                                                         const UptimeQuestion& question);

    /// Deletes what says nothing about the time from `oldest` on, a bounded number of rows.
    void prune(WallTime oldest);

  private:
    /// When a run that has ended last knew how the peers are.
    [[nodiscard]] WallTime end_of(std::int64_t run);

    Database& database_;
};

}  // namespace exapulse
