// SPDX-License-Identifier: BSD-3-Clause
// CommandQueue: the clients' commands that wait for ExaBGP, in fair turns. Pure.
#pragma once

#include <array>
#include <cstddef>
#include <deque>
#include <list>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>
#include <vector>

#include "common/time.hpp"
#include "daemon/commands/command.hpp"

namespace exapulse {

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

    /// Nothing of `owner` is next until release(): its oldest command waits for something.
    void hold(SessionId owner);
    /// Whoever was held is next, in the old order.
    void release();

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
    /// Whether all that is kept about the commands that wait agrees, as far as that is counted.
    [[nodiscard]] bool consistent() const;

    static constexpr std::size_t on_hold = 3;
    // Ranked: nobody is behind, the user is, the session is. The front one of the first is next.
    // Behind them those that are held, which have no turn.
    std::array<Turns, on_hold + 1> turns_;
    std::map<SessionId, TimePoint> sessions_behind_;  // until when
    std::map<UserId, TimePoint> users_behind_;
    TimePoint next_release_ = TimePoint::max();
    std::unordered_map<SessionId, Turns::iterator> by_owner_;
    std::multiset<TimePoint> arrivals_;  // of the oldest command of each turn
    std::size_t size_ = 0;
};

}  // namespace exapulse
