// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/upstream/dialogue/contention.hpp"

namespace exapulse {

bool Contention::on_write(const std::string& by, const Moment& now) {
    const bool is_new = !seen_;
    if (is_new) seen_ = Seen{now.wall, now.wall, by};
    seen_->last = now.wall;
    if (!by.empty()) seen_->by = by;
    last_ = now.steady;
    return is_new;
}

bool Contention::on_tick(TimePoint now) {
    if (!seen_ || now - last_ < lasts) return false;
    seen_.reset();
    return true;
}

std::optional<TimePoint> Contention::next_tick() const {
    if (!seen_) return std::nullopt;
    return last_ + lasts;
}

std::string Contention::writer() const {
    return !seen_ || seen_->by.empty() ? "another program" : seen_->by;
}

}  // namespace exapulse
