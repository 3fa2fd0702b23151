// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/commands/command_queue.hpp"

#include <algorithm>

namespace exapulse {

namespace {

TimePoint expiry(const Command& command, TimePoint away_since, Milliseconds hold) {
    return std::max(command.queued_at, away_since) + hold;
}

}  // namespace

void CommandQueue::push(Command command) {
    ++size_;
    for (Turn& turn : turns_)
        if (turn.owner == command.owner) {
            turn.waiting.push_back(std::move(command));
            return;
        }
    const SessionId owner = command.owner;
    turns_.push_back({owner, {}});
    turns_.back().waiting.push_back(std::move(command));
}

std::optional<Command> CommandQueue::pop() {
    if (turns_.empty()) return std::nullopt;
    Turn& turn = turns_.front();
    Command command = std::move(turn.waiting.front());
    turn.waiting.pop_front();
    --size_;
    if (turn.waiting.empty())
        turns_.pop_front();
    else
        turns_.splice(turns_.end(), turns_, turns_.begin());
    return command;
}

void CommandQueue::put_back(Command command) {
    ++size_;
    const auto turn = std::find_if(turns_.begin(), turns_.end(),
                                   [&](const Turn& t) { return t.owner == command.owner; });
    if (turn == turns_.end()) {
        turns_.push_front({command.owner, {}});
    } else {
        turns_.splice(turns_.begin(), turns_, turn);
    }
    turns_.front().waiting.push_front(std::move(command));
}

std::size_t CommandQueue::drop(SessionId owner) {
    std::size_t dropped = 0;
    std::erase_if(turns_, [&](const Turn& turn) {
        if (turn.owner != owner) return false;
        dropped = turn.waiting.size();
        return true;
    });
    size_ -= dropped;
    return dropped;
}

std::vector<Command> CommandQueue::take_expired(TimePoint now, TimePoint away_since,
                                                Milliseconds hold) {
    std::vector<Command> expired;
    for (Turn& turn : turns_)
        while (!turn.waiting.empty() && expiry(turn.waiting.front(), away_since, hold) <= now) {
            expired.push_back(std::move(turn.waiting.front()));
            turn.waiting.pop_front();
        }
    std::erase_if(turns_, [](const Turn& turn) { return turn.waiting.empty(); });
    size_ -= expired.size();
    std::stable_sort(expired.begin(), expired.end(),
                     [](const Command& a, const Command& b) { return a.queued_at < b.queued_at; });
    return expired;
}

std::optional<TimePoint> CommandQueue::next_expiry(TimePoint away_since, Milliseconds hold) const {
    std::optional<TimePoint> next;
    for (const Turn& turn : turns_) {
        const TimePoint at = expiry(turn.waiting.front(), away_since, hold);
        if (!next || at < *next) next = at;
    }
    return next;
}

std::vector<Command> CommandQueue::take_all() {
    std::vector<Command> all;
    while (auto command = pop()) all.push_back(std::move(*command));
    return all;
}

}  // namespace exapulse
