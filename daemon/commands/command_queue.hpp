// SPDX-License-Identifier: BSD-3-Clause
// CommandQueue: the clients' commands that wait for ExaBGP, in fair turns. Pure.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "daemon/time.hpp"

namespace exapulse {

using SessionId = std::uint64_t;
using CommandId = std::uint64_t;
/// Of the host: the uid of a client.
using UserId = std::uint32_t;

/// The owner of what no client asked.
inline constexpr SessionId exapulsed_itself = 0;

/// The owner of the commands whose clients have left, one for each user; no session has such an id.
[[nodiscard]] constexpr SessionId departed_clients_of(std::uint32_t uid) {
    return SessionId{1} << 63 | uid;
}

/// How ExaBGP ends the answer to a command.
enum class AnswerShape {
    Terminated,  ///< with exactly one `done` or `error`
    Irregular,   ///< with none, or two: only an echo behind it tells that it has ended
};

/// How much is asked about the peers at a time.
enum class PictureDepth {
    Names,      ///< the names that selectors are matched with, and nothing else
    Existence,  ///< which ones there are
    Sessions,   ///< how each one's session is, and how old
    Whole,      ///< all that ExaBGP tells
};

/// Marks a question about ExaBGP's peers, and which one of DialectRules::peer_questions it is; with
/// PictureDepth::Names it is DialectRules::names_question.
struct PeerStep {
    std::size_t question = 0;
    PictureDepth depth = PictureDepth::Existence;  ///< whether the next ones are asked as well
};

struct Command {
    CommandId id = 0;
    SessionId owner = 0;
    std::string line;  ///< without LF
    AnswerShape shape = AnswerShape::Terminated;
    TimePoint queued_at{};
    std::optional<PeerStep> peers{};       ///< `line` is filled in when its turn comes
    std::shared_ptr<const void> charge{};  ///< what the client's user is charged for it
    UserId user = 0;                       ///< whose session the owner is
};

/// Commands that have not been written to ExaBGP. Each session has its own line; sessions take
/// turns, one command each, so a batch of 10,000 delays another session's command by one. What
/// push() and pop() cost does not grow with the number of sessions.
///
/// A command that ExaBGP never answers holds the one channel. Its session, and all sessions of its
/// user, are then *behind* for a while: they get a turn only when no other waits. So a session that
/// goes on with such commands, or a user who opens a new session for each, costs the others one
/// such command now and then, and alone loses nothing.
class CommandQueue {
  public:
    void push(Command command);

    /// The next command, which then belongs to the caller; nullopt when none waits.
    [[nodiscard]] std::optional<Command> pop(TimePoint now);

    /// `command` held the channel for `held` and got no answer: its session and its user are behind
    /// for behind_factor times as long, at most longest_behind.
    void put_behind(const Command& command, Milliseconds held, TimePoint now);
    static constexpr int behind_factor = 10;
    static constexpr Milliseconds longest_behind{60'000};

    /// Takes back what pop() gave and of which not a byte was written: it is next again.
    void put_back(Command command);

    /// Drops what `owner` still has waiting; returns how many commands that were.
    std::size_t drop(SessionId owner);

    /// Takes out what `owner` still has waiting, in order.
    [[nodiscard]] std::vector<Command> take(SessionId owner);
    /// What `owner` has waiting belongs to `heir` from now on, and waits behind what that one has,
    /// until `most` commands of it wait; the rest is dropped. Returns how many were.
    std::size_t bequeath(SessionId owner, SessionId heir, std::size_t most);

    /// Takes out every command that waits at `now` beyond its hold, oldest first. The hold runs
    /// from the later of its arrival and `away_since`, when ExaBGP went away.
    [[nodiscard]] std::vector<Command> take_expired(TimePoint now, TimePoint away_since,
                                                    Milliseconds hold);

    /// When take_expired() has something next, given the same two values.
    [[nodiscard]] std::optional<TimePoint> next_expiry(TimePoint away_since,
                                                       Milliseconds hold) const;

    [[nodiscard]] std::vector<Command> take_all();
    [[nodiscard]] std::size_t size() const { return size_; }

  private:
    struct Turn {
        SessionId owner;
        UserId user;
        std::deque<Command> waiting;  // never empty
        std::size_t rank = 0;         // whose list in turns_ it is in
    };
    using Turns = std::list<Turn>;
    enum class Place { First, Last };
    /// The turn of the command's owner; a new one gets this place.
    Turn& turn_of(const Command& command, Place place);
    /// Takes the oldest command out of `turn`, which goes with its last one.
    Command take_front(Turns::iterator turn);
    void move(Turns::iterator turn, std::size_t rank, Place place);
    [[nodiscard]] std::size_t rank_of(SessionId owner, UserId user) const;
    void rank_all();

    // Ranked: nobody is behind, the user is, the session is. The front one of the first is next.
    std::array<Turns, 3> turns_;
    std::map<SessionId, TimePoint> sessions_behind_;  // until when
    std::map<UserId, TimePoint> users_behind_;
    TimePoint next_release_ = TimePoint::max();
    std::unordered_map<SessionId, Turns::iterator> by_owner_;
    std::multiset<TimePoint> arrivals_;  // of the oldest command of each turn
    std::size_t size_ = 0;
};

}  // namespace exapulse
