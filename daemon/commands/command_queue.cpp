// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/commands/command_queue.hpp"

#include <algorithm>
#include <iterator>

namespace exapulse {

CommandQueue::Turn& CommandQueue::turn_of(SessionId owner, Turns::iterator where) {
    const auto [entry, is_new] = by_owner_.try_emplace(owner);
    if (is_new) entry->second = turns_.insert(where, {owner, {}});
    return *entry->second;
}

Command CommandQueue::take_front(Turns::iterator turn) {
    Command command = std::move(turn->waiting.front());
    turn->waiting.pop_front();
    --size_;
    arrivals_.erase(arrivals_.find(command.queued_at));
    if (turn->waiting.empty()) {
        by_owner_.erase(turn->owner);
        turns_.erase(turn);
    } else {
        arrivals_.insert(turn->waiting.front().queued_at);
    }
    return command;
}

void CommandQueue::push(Command command) {
    ++size_;
    Turn& turn = turn_of(command.owner, turns_.end());
    if (turn.waiting.empty()) arrivals_.insert(command.queued_at);
    turn.waiting.push_back(std::move(command));
}

std::optional<Command> CommandQueue::pop() {
    if (turns_.empty()) return std::nullopt;
    const auto turn = turns_.begin();
    const bool last = turn->waiting.size() == 1;
    Command command = take_front(turn);
    if (!last) turns_.splice(turns_.end(), turns_, turn);
    return command;
}

void CommandQueue::put_back(Command command) {
    ++size_;
    Turn& turn = turn_of(command.owner, turns_.begin());
    turns_.splice(turns_.begin(), turns_, by_owner_.at(command.owner));
    if (!turn.waiting.empty()) arrivals_.erase(arrivals_.find(turn.waiting.front().queued_at));
    arrivals_.insert(command.queued_at);
    turn.waiting.push_front(std::move(command));
}

std::size_t CommandQueue::drop(SessionId owner) {
    return take(owner).size();
}

std::vector<Command> CommandQueue::take(SessionId owner) {
    const auto entry = by_owner_.find(owner);
    if (entry == by_owner_.end()) return {};
    const auto turn = entry->second;
    std::vector<Command> taken{std::make_move_iterator(turn->waiting.begin()),
                               std::make_move_iterator(turn->waiting.end())};
    arrivals_.erase(arrivals_.find(taken.front().queued_at));
    by_owner_.erase(entry);
    turns_.erase(turn);
    size_ -= taken.size();
    return taken;
}

std::size_t CommandQueue::bequeath(SessionId owner, SessionId heir, std::size_t most) {
    const auto entry = by_owner_.find(owner);
    if (entry == by_owner_.end()) return 0;
    if (most == 0) return drop(owner);
    const auto from = entry->second;
    std::deque<Command> left = std::move(from->waiting);
    arrivals_.erase(arrivals_.find(left.front().queued_at));
    by_owner_.erase(entry);
    Turn& to = turn_of(heir, from);
    turns_.erase(from);
    if (to.waiting.empty()) arrivals_.insert(left.front().queued_at);
    size_ -= left.size();
    for (; !left.empty() && to.waiting.size() < most; left.pop_front(), ++size_) {
        to.waiting.push_back(std::move(left.front()));
        to.waiting.back().owner = heir;
    }
    return left.size();
}

std::vector<Command> CommandQueue::take_expired(TimePoint now, TimePoint away_since,
                                                Milliseconds hold) {
    std::vector<Command> expired;
    if (const auto next = next_expiry(away_since, hold); !next || *next > now) return expired;
    const auto too_old = [&](const Command& command) {
        return std::max(command.queued_at, away_since) + hold <= now;
    };
    for (auto turn = turns_.begin(); turn != turns_.end();) {
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
    return std::max(*arrivals_.begin(), away_since) + hold;
}

std::vector<Command> CommandQueue::take_all() {
    std::vector<Command> all;
    while (auto command = pop()) all.push_back(std::move(*command));
    return all;
}

}  // namespace exapulse
