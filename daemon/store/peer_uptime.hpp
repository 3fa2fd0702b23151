// SPDX-License-Identifier: BSD-3-Clause
// PeerUptime: how long each peer was up, from the changes that were kept. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "daemon/store/peer_change.hpp"

namespace exapulse {

class PeerUptime {
  public:
    /// What happened before `from` only says how the peers were then.
    explicit PeerUptime(WallTime from) : from_(from) {}

    /// In the order in which they were kept.
    void on_change(const PeerChange& change) {
        on_change(change.time, change.peer, change.state, change.restart);
    }
    void on_change(WallTime time, std::string_view peer, PeerChange::State state, bool restart);
    /// exapulsed ended; it last knew how the peers were at `time`. The next run begins with all.
    void on_end_of_run(WallTime time);

    struct Outage {
        WallTime from{};
        Milliseconds length{};
    };
    struct Report {
        std::string address;
        PeerChange::State state = PeerChange::State::Unknown;  ///< Up, Down or Unknown
        WallTime since{};                                      ///< of the last Up or Down
        Milliseconds up{}, down{}, unknown{};
        std::size_t outages = 0;   ///< also one that had begun before
        std::size_t restarts = 0;  ///< of them, those that a restart of ExaBGP began
        std::optional<Outage> longest{};
    };
    /// Of the peers that there were, by address. Nothing may be added afterwards.
    [[nodiscard]] std::vector<Report> reports(WallTime now);

  private:
    struct One {
        bool present = true;
        bool up = false;
        bool counted = false;  // this outage
        WallTime since{};
        Milliseconds since_known{};  // known_time_ then
        Milliseconds in_up{}, in_down{};
        std::size_t outages = 0, restarts = 0;
        std::optional<Outage> longest{};
    };
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const {
            return std::hash<std::string_view>()(text);
        }
    };

    void pass(WallTime time);
    /// Adds what has passed of the state that `peer` is in.
    void settle(One& peer) const;

    WallTime from_;
    WallTime at_{};
    bool known_ = false;
    Milliseconds known_time_{};  // since from_, during which the peers were known
    std::unordered_map<std::string, One, Hash, std::equal_to<>> peers_;
};

/// One line of JSON, without LF: the first of the answer to `sidecar uptime`, and one for a peer.
[[nodiscard]] std::string format_uptime_start(WallTime from, WallTime now, bool complete);
[[nodiscard]] std::string format_uptime(const PeerUptime::Report& report);

}  // namespace exapulse
