// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/commands/command_queue.hpp"

#include <algorithm>
#include <cassert>
#include <iterator>

namespace exapulse {

std::size_t CommandQueue::rank_of(SessionId owner, UserId user) const {
    if (paused_.contains(owner)) return paused;
    if (penalised_sessions_.contains(owner)) return 2;
    return penalised_users_.contains(user) && owner != exapulsed_itself ? 1 : 0;
}

bool CommandQueue::consistent() const {
    std::size_t turns = 0;
    for (const Turns& ranked : turns_) turns += ranked.size();
    return turns == by_owner_.size() && turns <= size_ && arrivals_.size() <= size_ &&
           (turns == 0) == (size_ == 0) && arrivals_.empty() == (size_ == 0);
}

void CommandQueue::move(Turns::iterator turn, std::size_t rank, Place place) {
    assert(rank < turns_.size());
    Turns& to = turns_[rank];
    to.splice(place == Place::First ? to.begin() : to.end(), turns_[turn->rank], turn);
    turn->rank = rank;
}

void CommandQueue::rank_all() {
    next_release_ = TimePoint::max();
    for (const auto& [owner, until] : penalised_sessions_)
        next_release_ = std::min(next_release_, until);
    for (const auto& [user, until] : penalised_users_)
        next_release_ = std::min(next_release_, until);
    std::vector<Turns::iterator> all;
    for (std::size_t rank = 0; rank < on_hold; ++rank)
        for (auto turn = turns_[rank].begin(); turn != turns_[rank].end(); ++turn)
            all.push_back(turn);
    for (const auto turn : all)
        if (const std::size_t rank = rank_of(turn->owner, turn->user); rank != turn->rank)
            move(turn, rank, Place::Last);
}

void CommandQueue::penalise(const Command& command, Milliseconds held, TimePoint now) {
    if (command.owner == exapulsed_itself) return;
    assert(held >= Milliseconds(0));
    const TimePoint until = now + std::min(penalty_factor * held, longest_penalty);
    penalised_sessions_[command.owner] = until;
    penalised_users_[command.user] = until;
    rank_all();
}

/// As a rule the newest one.
void CommandQueue::count_arrival(const Command& command) {
    ++arrivals_.try_emplace(arrivals_.end(), command.queued_at, 0)->second;
}

void CommandQueue::forget_arrival(const Command& command) {
    const auto arrival = arrivals_.find(command.queued_at);
    assert(arrival != arrivals_.end());
    if (--arrival->second == 0) arrivals_.erase(arrival);
}

CommandQueue::Turn& CommandQueue::turn_of(const Command& command, Place place) {
    const auto [entry, is_new] = by_owner_.try_emplace(command.owner);
    if (is_new) {
        const std::size_t rank = rank_of(command.owner, command.user);
        Turns& turns = turns_[rank];
        entry->second = turns.insert(place == Place::First ? turns.begin() : turns.end(),
                                     {command.owner, command.user, {}, rank});
    }
    return *entry->second;
}

Command CommandQueue::take_front(Turns::iterator turn) {
    assert(!turn->waiting.empty());
    Command command = std::move(turn->waiting.front());
    turn->waiting.pop_front();
    --size_;
    forget_arrival(command);
    if (turn->waiting.empty()) {
        by_owner_.erase(turn->owner);
        turns_[turn->rank].erase(turn);
    }
    assert(consistent());
    return command;
}

void CommandQueue::push(Command command) {
    ++size_;
    count_arrival(command);
    Turn& turn = turn_of(command, Place::Last);
    turn.waiting.push_back(std::move(command));
    assert(consistent());
}

std::optional<Command> CommandQueue::pop(TimePoint now) {
    if (now >= next_release_) {
        const auto over = [now](const auto& entry) { return entry.second <= now; };
        std::erase_if(penalised_sessions_, over);
        std::erase_if(penalised_users_, over);
        rank_all();
    }
    const auto ranked_end = turns_.begin() + on_hold;
    const auto turns = std::find_if(turns_.begin(), ranked_end,
                                    [](const Turns& ranked) { return !ranked.empty(); });
    if (turns == ranked_end) {
        assert(turns_[on_hold].size() + turns_[paused].size() == by_owner_.size());
        return std::nullopt;
    }
    const auto turn = turns->begin();
    const bool last = turn->waiting.size() == 1;
    Command command = take_front(turn);
    if (!last) move(turn, turn->rank, Place::Last);
    return command;
}

void CommandQueue::put_back(Command command) {
    ++size_;
    count_arrival(command);
    Turn& turn = turn_of(command, Place::First);
    move(by_owner_.at(command.owner), turn.rank, Place::First);
    turn.waiting.push_front(std::move(command));
    assert(consistent());
}

void CommandQueue::hold(SessionId owner) {
    const auto entry = by_owner_.find(owner);
    if (entry != by_owner_.end()) move(entry->second, on_hold, Place::Last);
}

void CommandQueue::release() {
    while (!turns_[on_hold].empty()) {
        const auto last = std::prev(turns_[on_hold].end());
        move(last, rank_of(last->owner, last->user), Place::First);
    }
}

void CommandQueue::pause(SessionId owner) {
    if (!paused_.insert(owner).second) return;
    const auto entry = by_owner_.find(owner);
    if (entry == by_owner_.end() || entry->second->rank == on_hold) return;
    move(entry->second, paused, Place::Last);
}

void CommandQueue::resume(SessionId owner) {
    if (paused_.erase(owner) == 0) return;
    const auto entry = by_owner_.find(owner);
    if (entry == by_owner_.end() || entry->second->rank != paused) return;
    move(entry->second, rank_of(owner, entry->second->user), Place::Last);
}

bool CommandQueue::others_wait(SessionId owner) const {
    return std::any_of(turns_.begin(), turns_.begin() + paused, [&](const Turns& turns) {
        return turns.size() > 1 || (turns.size() == 1 && turns.front().owner != owner);
    });
}

std::size_t CommandQueue::drop(SessionId owner) {
    return take(owner).size();
}

std::vector<Command> CommandQueue::take(SessionId owner) {
    const auto entry = by_owner_.find(owner);
    if (entry == by_owner_.end()) return {};
    const auto turn = entry->second;
    assert(!turn->waiting.empty());
    std::vector<Command> taken{std::make_move_iterator(turn->waiting.begin()),
                               std::make_move_iterator(turn->waiting.end())};
    for (const Command& command : taken) forget_arrival(command);
    by_owner_.erase(entry);
    turns_[turn->rank].erase(turn);
    size_ -= taken.size();
    assert(consistent());
    return taken;
}

std::size_t CommandQueue::bequeath(SessionId owner, SessionId heir, std::size_t most) {
    assert(owner != heir);
    resume(owner);
    const auto entry = by_owner_.find(owner);
    if (entry == by_owner_.end()) return 0;
    if (most == 0) return drop(owner);
    const auto from = entry->second;
    std::deque<Command> left = std::move(from->waiting);
    assert(!left.empty());
    by_owner_.erase(entry);
    const auto [heirs, is_new] = by_owner_.try_emplace(heir);
    if (is_new) heirs->second = turns_[from->rank].insert(from, {heir, from->user, {}, from->rank});
    Turn& to = *heirs->second;
    turns_[from->rank].erase(from);
    for (; !left.empty() && to.waiting.size() < most; left.pop_front()) {
        Command& command = left.front();
        forget_arrival(command);
        command.owner = heir;
        if (!to.waiting.empty())
            command.queued_at = std::max(command.queued_at, to.waiting.back().queued_at);
        count_arrival(command);
        to.waiting.push_back(std::move(command));
    }
    for (const Command& command : left) forget_arrival(command);
    size_ -= left.size();
    assert(consistent());
    return left.size();
}

std::vector<Command> CommandQueue::take_expired(TimePoint now, TimePoint away_since,
                                                Milliseconds hold) {
    std::vector<Command> expired;
    if (const auto next = next_expiry(away_since, hold); !next || *next > now) return expired;
    const auto too_old = [&](const Command& command) {
        return std::max(command.queued_at, away_since) + hold <= now;
    };
    for (Turns& turns : turns_)
        for (auto turn = turns.begin(); turn != turns.end();) {
            const auto current = turn++;
            std::size_t left = current->waiting.size();
            for (; left > 0 && too_old(current->waiting.front()); --left)
                expired.push_back(take_front(current));
        }
    std::stable_sort(expired.begin(), expired.end(),
                     [](const Command& a, const Command& b) { return a.queued_at < b.queued_at; });
    return expired;
}

std::optional<TimePoint> CommandQueue::next_expiry(TimePoint away_since, Milliseconds hold) const {
    if (arrivals_.empty()) return std::nullopt;
    return std::max(arrivals_.begin()->first, away_since) + hold;
}

std::vector<Command> CommandQueue::take_all() {
    release();
    while (!paused_.empty()) resume(*paused_.begin());
    std::vector<Command> all;
    while (auto command = pop(TimePoint::min())) all.push_back(std::move(*command));
    assert(size_ == 0);
    return all;
}

}  // namespace exapulse
