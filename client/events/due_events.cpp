// SPDX-License-Identifier: BSD-3-Clause
#include "client/events/due_events.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace exapulse::client {

void DueEvents::add(Due event) {
    if (keep_ == Keep::Newest) {
        waiting_.clear();
        pause_ = first_pause;
        not_before_.reset();
    }
    waiting_.push_back(std::move(event));
}

std::optional<DueEvents::Due> DueEvents::take_due(Clock::time_point now) {
    if (!may_run() || waiting_.empty() || (not_before_ && now < *not_before_)) return std::nullopt;
    not_before_.reset();
    taken_ = std::move(waiting_.front());
    waiting_.pop_front();
    return taken_;
}

std::optional<DueEvents::Clock::time_point> DueEvents::deadline() const {
    return may_run() && !waiting_.empty() ? not_before_ : std::nullopt;
}

void DueEvents::on_success() {
    taken_.reset();
    pause_ = first_pause;
}

void DueEvents::on_failure(Clock::time_point now) {
    assert(taken_);
    auto failed = std::exchange(taken_, std::nullopt);
    if (keep_ == Keep::Newest && !waiting_.empty()) return;  // another ExaBGP is there by now
    waiting_.push_front(std::move(*failed));
    not_before_ = now + pause_;
    pause_ = std::min(2 * pause_, longest_pause);
}

}  // namespace exapulse::client
