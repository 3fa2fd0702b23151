// SPDX-License-Identifier: BSD-3-Clause
// PeerRecord: turns ExaBGP's answers about its peers into the changes that are kept. Pure.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "daemon/events/event.hpp"
#include "daemon/store/peer_change.hpp"

namespace exapulse {

/// Peers with the same address are one, which is up while all of them are. What happened while
/// ExaBGP was not asked for its peers is not known, but for a session that a restart has ended.
class PeerRecord {
  public:
    /// A pause between two answers of ExaBGP that is longer is a time of which nothing is known.
    explicit PeerRecord(Milliseconds longest_pause) : longest_pause_(longest_pause) {}
    void set_longest_pause(Milliseconds pause) { longest_pause_ = pause; }

    using Changes = std::vector<PeerChange>;

    /// The changes that `event` makes, oldest first.
    [[nodiscard]] Changes on_event(const Event& event);
    /// ExaBGP has just answered how the peers are; the events about it came before.
    void on_answer(WallTime now) { known_until_ = now; }
    /// When ExaBGP last answered; nullopt: never.
    [[nodiscard]] std::optional<WallTime> known_until() const { return known_until_; }
    [[nodiscard]] Milliseconds longest_pause() const { return longest_pause_; }
    /// Changes returned before were lost since then: returns the state of every peer instead.
    [[nodiscard]] Changes start_over(WallTime lost_since);

  private:
    void note_answer(WallTime now, Changes& changes);
    void change(const std::string& peer, bool up, WallTime time, Changes& changes);
    void remove(const std::string& peer, WallTime time, Changes& changes);
    void on_snapshot(const std::vector<Peer>& peers, WallTime now, Changes& changes);
    void on_restart(const Event& event, Changes& changes);

    Milliseconds longest_pause_;
    std::map<std::string, bool> up_;  // by address
    std::optional<WallTime> known_until_;
};

}  // namespace exapulse
