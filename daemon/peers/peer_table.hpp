// SPDX-License-Identifier: BSD-3-Clause
// PeerTable: the peers of ExaBGP according to its answers, and what has changed. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/events/event.hpp"
#include "daemon/exabgp/peer.hpp"
#include "daemon/exabgp/peer_answer.hpp"

namespace exapulse {

/// A snapshot of the peers is assembled from one or more answers: on_line() and on_answer() for
/// each, then take_changes(). It is valid for one connection, and while ExaBGP is polled regularly.
/// A session that went down and up between two snapshots is detected by its age.
class PeerTable {
  public:
    /// A longer answer is not accepted.
    static constexpr std::size_t longest_answer = 16U << 20;

    /// A line of an answer, without its LF.
    void on_line(std::string_view line);
    /// The answer to a question sent at `asked` or later has ended, with `done` if `ok`. False if
    /// it contained nothing about peers.
    bool on_answer(const PeerQuestion& question, bool ok, TimePoint asked, const Moment& now);
    /// The answer will not be completed.
    void on_answer_lost();
    /// Completes the snapshot. Returns what has changed since the previous one: `peers` if it is
    /// the first, has other peers, or has a change that is neither of the others; `peer-up` and
    /// `peer-down`. Only the fields about peers are set.
    [[nodiscard]] std::vector<Event> take_changes();

    /// The connection was lost: nothing is known. Changes are still relative to the last snapshot.
    void on_disconnect();
    /// ExaBGP did not answer: the states are unknown until the next snapshot; the list of peers
    /// stays.
    void invalidate();
    /// ExaBGP has not been polled for a while: the same, and what changed meanwhile is not
    /// reported, since its time is unknown.
    void reset_baseline();

    /// Whether there is a complete snapshot.
    [[nodiscard]] bool known() const { return known_; }
    /// Whether an answer on this connection has begun a snapshot.
    [[nodiscard]] bool begun() const { return begun_; }
    /// In ExaBGP's order; empty while unknown.
    [[nodiscard]] const std::vector<Peer>& peers() const { return peers_; }

  private:
    void merge(const PeerQuestion& question, std::vector<Peer> fresh, TimePoint asked,
               const Moment& now);

    std::string answer_;
    bool overflown_ = false;
    std::vector<Peer> peers_;
    std::vector<Peer> told_;  // as of the last events
    bool begun_ = false;
    bool known_ = false;  // peers_ is complete
    bool first_ = true;   // the next snapshot is the first
};

}  // namespace exapulse
