// SPDX-License-Identifier: BSD-3-Clause
#include "client/events/due_events.hpp"

#include <algorithm>
#include <utility>

namespace exapulse::client {

void DueEvents::add(Instance newest) {
    newest_ = std::move(newest);
    pause_ = first_pause;
    not_before_.reset();
}

std::optional<DueEvents::Instance> DueEvents::take_due(Clock::time_point now) {
    if (!up_ || !newest_ || (not_before_ && now < *not_before_)) return std::nullopt;
    not_before_.reset();
    taken_ = std::exchange(newest_, std::nullopt);
    return taken_;
}

std::optional<DueEvents::Clock::time_point> DueEvents::deadline() const {
    return up_ && newest_ ? not_before_ : std::nullopt;
}

void DueEvents::on_success() {
    taken_.reset();
}

void DueEvents::on_failure(Clock::time_point now) {
    auto failed = std::exchange(taken_, std::nullopt);
    if (newest_) return;  // another ExaBGP is there by now, at once
    newest_ = std::move(failed);
    not_before_ = now + pause_;
    pause_ = std::min(2 * pause_, longest_pause);
}

}  // namespace exapulse::client
