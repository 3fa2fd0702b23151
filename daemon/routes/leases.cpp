// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/routes/leases.hpp"

#include <algorithm>
#include <cassert>

namespace exapulse {

LeaseNumber Leases::open(const LeaseTerms& terms, TimePoint now) {
    const auto lease = leases_.emplace(++last_, Lease{.terms = terms, .held = true}).first;
    set_end(lease, now + terms.ttl);
    return last_;
}

void Leases::change(LeaseNumber lease, const LeaseTerms& terms, TimePoint now) {
    const auto found = leases_.find(lease);
    assert(found != leases_.end() && found->second.held);
    found->second.terms = terms;
    set_end(found, now + terms.ttl);
}

bool Leases::renew(LeaseNumber lease, TimePoint now) {
    const auto found = leases_.find(lease);
    if (found == leases_.end() || !found->second.end) return false;
    set_end(found, now + found->second.terms.ttl);
    return true;
}

void Leases::let_go(LeaseNumber lease, bool announcing, TimePoint now) {
    const auto found = leases_.find(lease);
    if (found == leases_.end()) return;
    Lease& held = found->second;
    held.held = false;
    if (held.routes.empty() && !announcing) return erase(found);
    if (!held.terms.grace) return;
    const TimePoint end = now + *held.terms.grace;
    set_end(found, held.end ? std::min(*held.end, end) : end);
}

void Leases::restore(LeaseNumber lease, const LeaseTerms& terms, RouteNumber route, TimePoint now) {
    last_ = std::max(last_, lease);
    const auto [place, added] = leases_.try_emplace(lease, Lease{.terms = terms});
    place->second.routes.insert(route);
    if (added) set_end(place, now + terms.ttl + terms.grace.value_or(Milliseconds(0)));
}

void Leases::forget_routes() {
    for (auto& [number, lease] : leases_) lease.routes.clear();
}

void Leases::add(LeaseNumber lease, RouteNumber route, TimePoint now) {
    // One that is no longer there was over before its command was done: it is over once more.
    const auto [place, added] = leases_.try_emplace(lease);
    Lease& held = place->second;
    held.routes.insert(route);
    if (held.held)
        set_end(place, now + held.terms.ttl);
    else if (!held.end)
        set_end(place, now);
}

void Leases::remove(LeaseNumber lease, RouteNumber route) {
    const auto found = leases_.find(lease);
    if (found == leases_.end()) return;
    found->second.routes.erase(route);
    if (found->second.routes.empty() && !found->second.held) erase(found);
}

std::optional<LeaseTerms> Leases::terms_of(LeaseNumber lease) const {
    const auto found = leases_.find(lease);
    if (found == leases_.end()) return std::nullopt;
    return found->second.terms;
}

std::optional<TimePoint> Leases::end_of(LeaseNumber lease) const {
    const auto found = leases_.find(lease);
    return found == leases_.end() ? std::nullopt : found->second.end;
}

bool Leases::is_held(LeaseNumber lease) const {
    const auto found = leases_.find(lease);
    return found != leases_.end() && found->second.held;
}

std::optional<TimePoint> Leases::next() const {
    if (ends_.empty()) return std::nullopt;
    return ends_.begin()->first;
}

std::vector<Leases::Over> Leases::expire(TimePoint now) {
    std::vector<Over> over;
    while (!ends_.empty() && ends_.begin()->first <= now) {
        const auto lease = leases_.find(ends_.begin()->second);
        assert(lease != leases_.end());
        Lease& ended = lease->second;
        over.push_back({lease->first, ended.held, {ended.routes.begin(), ended.routes.end()}});
        ended.routes.clear();
        set_end(lease, std::nullopt);
        if (!ended.held) erase(lease);
    }
    return over;
}

void Leases::set_end(Place lease, std::optional<TimePoint> end) {
    std::optional<TimePoint>& current = lease->second.end;
    if (current) ends_.erase({*current, lease->first});
    current = end;
    if (current) ends_.emplace(*current, lease->first);
}

void Leases::erase(Place lease) {
    set_end(lease, std::nullopt);
    leases_.erase(lease);
}

}  // namespace exapulse
