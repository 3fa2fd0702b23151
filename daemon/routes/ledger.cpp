// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/routes/ledger.hpp"

#include <algorithm>
#include <cassert>
#include <functional>
#include <string>
#include <utility>

namespace exapulse {

Ledger::Met Ledger::meet(const RouteChange& change) const {
    Met met;
    for (const RouteNumber number : numbers_of(change.nlri)) {
        const LedgerEntry& entry = entries_.at(number);
        // A change for every peer ends whatever was said to some of them.
        const bool replaced = change.peers.empty() || entry.mandate->peers == change.peers;
        if (replaced) met.replaced.push_back(number);
        if (entry.withdraws) continue;
        if (replaced) {
            met.kept = met.kept || entry.saved();
        } else if (entry.stands()) {
            met.others_announce = true;
            met.others_kept = met.others_kept || entry.kept;
        }
    }
    return met;
}

Ledger::Changes Ledger::note(const RouteChange& change, const RouteOwner& owner, const Terms& terms,
                             WallTime now) {
    Changes changes;
    const Met met = meet(change);
    for (const RouteNumber number : met.replaced) erase(number, changes);
    const bool withdraws_some = !change.announces && met.others_announce;
    if (change.announces || withdraws_some) {
        LedgerEntry entry = entry_of(change, owner, terms, now);
        entry.kept = withdraws_some ? met.others_kept : terms.keep || met.kept;
        insert(++last_, std::move(entry));
        changes.added = last_;
        return changes;
    }
    erase_unneeded(change.nlri, changes);
    return changes;
}

LedgerEntry Ledger::entry_of(const RouteChange& change, const RouteOwner& owner, const Terms& terms,
                             WallTime now) {
    RouteMandate mandate{change.peers, owner};
    if (change.announces && terms.lease != 0) {
        mandate.lease = terms.lease;
        mandate.lease_terms = terms.lease_terms;
    }
    LedgerEntry entry{{change.nlri, change.line}, mandates_.of(mandate), now};
    entry.withdraws = !change.announces;
    return entry;
}

Ledger::Changes Ledger::note_uncertain(const RouteChange& change, const RouteOwner& owner,
                                       const Terms& terms, WallTime now) {
    Changes changes;
    bool announced = false;
    for (const RouteNumber number : numbers_of(change.nlri)) {
        const LedgerEntry& entry = entries_.at(number);
        announced = announced || (!entry.withdraws && !entry.gone());
        // The same attempt once more.
        if (entry.uncertain() && !entry.ending && entry.line() == change.line)
            erase(number, changes);
    }
    if (!change.announces && !announced) return changes;
    LedgerEntry entry = entry_of(change, owner, terms, now);
    entry.kept = change.announces && terms.keep;
    entry.state = State::Uncertain;
    insert(++last_, std::move(entry));
    changes.added = last_;
    return changes;
}

Ledger::Changes Ledger::confirm(RouteNumber number) {
    const LedgerEntry& entry = entries_.at(number);
    const std::shared_ptr<const RouteMandate> mandate = entry.mandate;
    const RouteChange change{.announces = !entry.withdraws,
                             .nlri = std::string(entry.nlri()),
                             .peers = mandate->peers,
                             .line = std::string(entry.line())};
    const Terms terms{
        .keep = entry.kept, .lease = mandate->lease, .lease_terms = mandate->lease_terms};
    const WallTime since = entry.since;
    return note(change, mandate->owner, terms, since);
}

/// Without anybody who gets the route, nobody has to be left out.
void Ledger::erase_unneeded(std::string_view nlri, Changes& changes) {
    const Numbers rest = numbers_of(nlri);
    const bool only_withdrawn = std::all_of(rest.begin(), rest.end(), [&](RouteNumber number) {
        return entries_.at(number).withdraws;
    });
    if (only_withdrawn)
        for (const RouteNumber number : rest) erase(number, changes);
}

void Ledger::restore(RouteNumber number, LedgerEntry entry) {
    assert(number > last_);
    last_ = number;
    entry.mandate = mandates_.of(*entry.mandate);
    insert(number, std::move(entry));
}

Ledger::Lost Ledger::lose_unkept() {
    Lost lost;
    Numbers moot;
    const std::size_t before = gone_;
    for (auto& [number, entry] : entries_) {
        if (entry.uncertain() && (entry.withdraws || entry.mandate->lease != 0)) {
            moot.push_back(number);
            continue;
        }
        if (entry.saved() || entry.gone()) continue;
        change(number, [](LedgerEntry& unkept) {
            unkept.state = State::Gone;
            unkept.kept = false;
        });
    }
    lost.routes = gone_ - before;
    for (const RouteNumber number : moot) erase(number, lost.moot);
    return lost;
}

Ledger::Changes Ledger::forget_gone() {
    Changes changes;
    Numbers lost;
    for (const auto& [number, entry] : entries_)
        if (entry.gone()) lost.push_back(number);
    for (const RouteNumber number : lost) erase(number, changes);
    return changes;
}

void Ledger::set_state(RouteNumber number, State state) {
    change(number, [state](LedgerEntry& entry) { entry.state = state; });
}

void Ledger::begin_end(RouteNumber number) {
    change(number, [](LedgerEntry& entry) { entry.ending = true; });
    ending_.insert(number);
}

Ledger::Changes Ledger::remove(RouteNumber number) {
    Changes changes;
    const std::string nlri(entries_.at(number).nlri());
    erase(number, changes);
    erase_unneeded(nlri, changes);
    return changes;
}

Ledger::Changes Ledger::keep(RouteNumber number) {
    const LedgerEntry* entry = find(number);
    if (entry == nullptr || entry->kept || !entry->stands()) return {};
    change(number, [](LedgerEntry& kept) { kept.kept = true; });
    return {{}, number};
}

const LedgerEntry* Ledger::find(RouteNumber number) const {
    const auto found = entries_.find(number);
    return found == entries_.end() ? nullptr : &found->second;
}

const LedgerEntry* Ledger::find(std::string_view nlri, std::string_view peers,
                                std::string_view line) const {
    for (const RouteNumber number : numbers_of(nlri))
        if (const LedgerEntry& entry = entries_.at(number);
            entry.mandate->peers == peers && entry.line() == line)
            return &entry;
    return nullptr;
}

std::size_t Ledger::hash_of(std::string_view nlri) {
    return std::hash<std::string_view>()(nlri);
}

std::vector<RouteNumber> Ledger::numbers_of(std::string_view nlri) const {
    Numbers numbers;
    const auto [begin, end] = by_nlri_.equal_range(hash_of(nlri));
    for (auto entry = begin; entry != end; ++entry)
        if (entries_.at(entry->second).nlri() == nlri) numbers.push_back(entry->second);
    std::sort(numbers.begin(), numbers.end());
    return numbers;
}

void Ledger::insert(RouteNumber number, LedgerEntry entry) {
    by_nlri_.emplace(hash_of(entry.nlri()), number);
    count(entry, 1);
    entries_.emplace_hint(entries_.end(), number, std::move(entry));
}

void Ledger::erase(RouteNumber number, Changes& changes) {
    const auto entry = entries_.find(number);
    assert(entry != entries_.end());
    changes.removed.push_back({number, entry->second.saved(), entry->second.mandate->lease});
    const auto [begin, end] = by_nlri_.equal_range(hash_of(entry->second.nlri()));
    const auto indexed =
        std::find_if(begin, end, [&](const auto& of) { return of.second == number; });
    assert(indexed != end);
    by_nlri_.erase(indexed);
    count(entry->second, -1);
    ending_.erase(number);
    entries_.erase(entry);
}

void Ledger::count(const LedgerEntry& entry, std::ptrdiff_t by) {
    const auto add = static_cast<std::size_t>(by);
    if (entry.uncertain()) uncertain_ += add;
    if (entry.withdraws) return;
    if (entry.gone()) gone_ += add;
    if (!entry.stands()) return;
    announced_ += add;
    if (entry.kept) kept_ += add;
}

template <class Change>
void Ledger::change(RouteNumber number, Change how) {
    LedgerEntry& entry = entries_.at(number);
    count(entry, -1);
    how(entry);
    count(entry, 1);
}

}  // namespace exapulse
