// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/routes/ledger.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace exapulse {

Ledger::Changes Ledger::note(const RouteChange& change, const RouteOwner& owner, bool keep,
                             WallTime now) {
    Changes changes;
    Numbers replaced_ones;
    bool others_announce = false, kept = keep, others_kept = false;
    if (const auto found = by_nlri_.find(change.nlri); found != by_nlri_.end())
        for (const RouteNumber number : found->second) {
            const LedgerEntry& entry = entries_.at(number);
            // A change for every peer ends whatever was said to some of them.
            const bool replaced = change.peers.empty() || entry.peers == change.peers;
            if (replaced) replaced_ones.push_back(number);
            if (replaced && !entry.withdraws) kept = kept || entry.kept;
            if (!replaced && !entry.withdraws) {
                others_announce = true;
                others_kept = others_kept || entry.kept;
            }
        }
    for (const RouteNumber number : replaced_ones) erase(number, changes);
    const bool withdraws_some = !change.announces && others_announce;
    if (change.announces || withdraws_some) {
        LedgerEntry entry{change.nlri,
                          change.peers,
                          change.line,
                          owner,
                          now,
                          withdraws_some,
                          withdraws_some ? others_kept : kept};
        insert(++last_, std::move(entry));
        changes.added = last_;
        return changes;
    }
    // Without anybody who gets the route, nobody has to be left out.
    const auto rest = by_nlri_.find(change.nlri);
    if (rest == by_nlri_.end()) return changes;
    const Numbers numbers = rest->second;
    for (const RouteNumber number : numbers) {
        assert(entries_.at(number).withdraws);
        erase(number, changes);
    }
    return changes;
}

void Ledger::restore(RouteNumber number, LedgerEntry entry) {
    assert(number > last_);
    last_ = number;
    insert(number, std::move(entry));
}

std::size_t Ledger::forget_unkept() {
    Numbers unkept;
    for (const auto& [number, entry] : entries_)
        if (!entry.kept) unkept.push_back(number);
    const std::size_t before = announced_;
    for (const RouteNumber number : unkept) erase(number);
    return before - announced_;
}

const LedgerEntry* Ledger::find(RouteNumber number) const {
    const auto found = entries_.find(number);
    return found == entries_.end() ? nullptr : &found->second;
}

const std::vector<RouteNumber>& Ledger::numbers_of(const std::string& nlri) const {
    static const Numbers none;
    const auto found = by_nlri_.find(nlri);
    return found == by_nlri_.end() ? none : found->second;
}

void Ledger::insert(RouteNumber number, LedgerEntry entry) {
    by_nlri_[entry.nlri].push_back(number);
    count(entry, 1);
    entries_.emplace_hint(entries_.end(), number, std::move(entry));
}

void Ledger::erase(RouteNumber number, Changes& changes) {
    changes.removed.push_back({number, entries_.at(number).kept});
    erase(number);
}

void Ledger::erase(RouteNumber number) {
    const auto entry = entries_.find(number);
    assert(entry != entries_.end());
    const auto numbers = by_nlri_.find(entry->second.nlri);
    assert(numbers != by_nlri_.end());
    std::erase(numbers->second, number);
    if (numbers->second.empty()) by_nlri_.erase(numbers);
    count(entry->second, -1);
    entries_.erase(entry);
}

void Ledger::count(const LedgerEntry& entry, std::ptrdiff_t by) {
    if (entry.withdraws) return;
    announced_ += static_cast<std::size_t>(by);
    if (entry.kept) kept_ += static_cast<std::size_t>(by);
}

}  // namespace exapulse
