// SPDX-License-Identifier: BSD-3-Clause
// PeerTable: the peers of ExaBGP as its answers have told, and what has changed. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/events/event.hpp"
#include "daemon/exabgp/peer.hpp"
#include "daemon/exabgp/peer_answer.hpp"

namespace exapulse {

/// A picture of the peers is put together from one or more answers: on_line() and on_answer() for
/// each, then settle() says what is new. It holds for one connection, and while ExaBGP is asked
/// again and again. A session that went down and up between two pictures is told by its age.
class PeerTable {
  public:
    /// An answer beyond it is taken for none.
    static constexpr std::size_t longest_answer = 16U << 20;

    /// A line of the answer that comes, without its LF.
    void on_line(std::string_view line);
    /// The answer has ended, to a question put at `asked` or later; `ok` as ExaBGP said. False when
    /// it told nothing about peers.
    bool on_answer(const PeerQuestion& question, bool ok, TimePoint asked, const Moment& now);
    /// No end will come.
    void on_answer_lost();
    /// The picture is whole. Events with what has changed since the last one: `peers` when it is
    /// the first, shows another set of peers, or a change that is neither of the others; `peer-up`
    /// and `peer-down`. Only the fields about peers are set.
    [[nodiscard]] std::vector<Event> settle();

    /// The connection is gone: nothing is known, but what was still is what changes are told from.
    void forget();
    /// ExaBGP has not answered: how the peers are is not known until the next picture, which peers
    /// there are stays.
    void doubt();
    /// Nobody has looked for a while: the same, and what changed meanwhile is not told, as nobody
    /// can say when.
    void begin_anew();

    /// Whether there is a whole picture.
    [[nodiscard]] bool known() const { return known_; }
    /// Whether an answer has told something on this connection: the beginning of a picture.
    [[nodiscard]] bool begun() const { return begun_; }
    /// In the order ExaBGP named them; empty while none are known.
    [[nodiscard]] const std::vector<Peer>& peers() const { return peers_; }

  private:
    void merge(const PeerQuestion& question, std::vector<Peer> fresh, TimePoint asked,
               const Moment& now);

    std::string answer_;
    bool overflown_ = false;
    std::vector<Peer> peers_;
    std::vector<Peer> told_;  // as of the last events
    bool begun_ = false;
    bool known_ = false;  // and settled
    bool first_ = true;   // the next picture is
};

}  // namespace exapulse
