// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/kept/lease_clock.hpp"

#include <algorithm>
#include <utility>

#include "daemon/system/clock.hpp"

namespace exapulse {

LeaseClock::LeaseClock(uv::Loop& loop, SavedBook& book, OnOver on_over)
    : book_(book), on_over_(std::move(on_over)), next_(loop, [this] { end_leases(); }) {}

LeaseNumber LeaseClock::grant(LeaseNumber lease, const LeaseTerms& terms) {
    const TimePoint at = now().steady;
    if (lease == 0)
        lease = book_.leases().open(terms, at);
    else
        book_.leases().change(lease, terms, at);
    await_next();
    return lease;
}

bool LeaseClock::renew(LeaseNumber lease) {
    return book_.leases().renew(lease, now().steady);
}

void LeaseClock::let_go(LeaseNumber lease, bool announcing) {
    book_.leases().let_go(lease, announcing, now().steady);
    await_next();
}

void LeaseClock::await_next() {
    const auto next = book_.leases().next();
    if (!next || stopped_) return next_.stop();
    const auto left = std::chrono::ceil<Milliseconds>(*next - now().steady);
    next_.start(std::max(left, Milliseconds(0)));
}

void LeaseClock::stop() {
    stopped_ = true;
    next_.stop();
}

void LeaseClock::end_leases() {
    for (const Leases::Over& over : book_.leases().expire(now().steady)) on_over_(over);
    await_next();
}

}  // namespace exapulse
