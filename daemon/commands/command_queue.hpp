// SPDX-License-Identifier: BSD-3-Clause
// CommandQueue: the clients' commands waiting for ExaBGP, in fair turns. Pure.
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

/// Commands that have not been written to ExaBGP. Each session has its own queue; sessions take
/// turns, one command each, so a batch of 10,000 delays another session's command by one. push()
/// and pop() take the same time for any number of sessions.
///
/// A command that ExaBGP never answers blocks the one channel. Its session, and all sessions of its
/// user, are then *penalised* for a while: they get a turn only if no other is waiting. So a
/// session that keeps sending such commands, or a user who opens a new session for each, costs the
/// others one such command now and then, and loses nothing if it is alone.
class CommandQueue {
  public:
    void push(Command command);

    /// Removes and returns the next command; nullopt if none is waiting.
    [[nodiscard]] std::optional<Command> pop(TimePoint now);

    /// `command` blocked the channel for `held` and got no answer: its session and its user are
    /// penalised for penalty_factor times as long, at most longest_penalty.
    void penalise(const Command& command, Milliseconds held, TimePoint now);
    static constexpr int penalty_factor = 10;
    static constexpr Milliseconds longest_penalty{60'000};

    /// Puts back a command from pop() of which no byte was written: it is next again.
    void put_back(Command command);

    /// Skips `owner` until release(), since its oldest command waits for something.
    void hold(SessionId owner);
    /// Those held are next, in their old order.
    void release();

    /// Skips `owner` until resume(): its client does not read the answers that it has.
    void pause(SessionId owner);
    void resume(SessionId owner);
    [[nodiscard]] bool is_paused(SessionId owner) const { return paused_.contains(owner); }
    /// Whether a command waits that is neither of `owner` nor of one that is paused.
    [[nodiscard]] bool others_wait(SessionId owner) const;

    /// Drops the waiting commands of `owner`; returns their number.
    std::size_t drop(SessionId owner);

    /// Removes and returns the waiting commands of `owner`, in order.
    [[nodiscard]] std::vector<Command> take(SessionId owner);
    /// Moves the waiting commands of `owner` to the end of the queue of `heir`, up to `most`
    /// commands there; drops the rest and returns their number.
    std::size_t bequeath(SessionId owner, SessionId heir, std::size_t most);

    /// Removes and returns every command that has waited longer than `hold` at `now`, oldest first,
    /// counted from its arrival or from `away_since`, when ExaBGP became unreachable, if that is
    /// later.
    [[nodiscard]] std::vector<Command> take_expired(TimePoint now, TimePoint away_since,
                                                    Milliseconds hold);

    /// When take_expired() will next return something, with the same two arguments.
    [[nodiscard]] std::optional<TimePoint> next_expiry(TimePoint away_since,
                                                       Milliseconds hold) const;

    [[nodiscard]] std::vector<Command> take_all();
    [[nodiscard]] std::size_t size() const { return size_; }

  private:
    struct Turn {
        SessionId owner;
        UserId user;
        std::deque<Command> waiting;  // never empty, ordered by arrival
        std::size_t rank = 0;         // the index in turns_ of the list that it is in
    };
    using Turns = std::list<Turn>;
    enum class Place { First, Last };
    /// The turn of the command's owner; a new one is inserted at `place`.
    Turn& turn_of(const Command& command, Place place);
    /// Removes the oldest command from `turn`, and `turn` itself with its last command.
    Command take_front(Turns::iterator turn);
    void move(Turns::iterator turn, std::size_t rank, Place place);
    [[nodiscard]] std::size_t rank_of(SessionId owner, UserId user) const;
    void rank_all();
    void count_arrival(const Command& command);
    void forget_arrival(const Command& command);
    /// Whether the indexes agree with each other, by their sizes.
    [[nodiscard]] bool consistent() const;

    static constexpr std::size_t on_hold = 3;
    static constexpr std::size_t paused = 4;
    // By rank: neither is penalised, the user is, the session is. The front of the first is next.
    // The last two lists have those on hold and those paused, which get no turn.
    std::array<Turns, paused + 1> turns_;
    std::set<SessionId> paused_;                         // with commands or without
    std::map<SessionId, TimePoint> penalised_sessions_;  // until when
    std::map<UserId, TimePoint> penalised_users_;
    TimePoint next_release_ = TimePoint::max();
    std::unordered_map<SessionId, Turns::iterator> by_owner_;
    std::map<TimePoint, std::size_t> arrivals_;  // how many of those that wait came when
    std::size_t size_ = 0;
};

}  // namespace exapulse
