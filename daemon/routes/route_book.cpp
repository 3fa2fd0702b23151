// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/routes/route_book.hpp"

#include <map>
#include <memory>
#include <utility>
#include <vector>

namespace exapulse {

namespace {

/// The NLRI in a file is as the exapulsed that wrote it read the command, which may have been an
/// earlier version.
void read_again(LedgerEntry& entry) {
    const std::string line(entry.line());
    const auto changes = route_changes(Request(line));
    if (changes.size() == 1 && changes[0].nlri != entry.nlri())
        entry.text = EntryText(changes[0].nlri, line);
}

}  // namespace

RouteBook::Changes RouteBook::enter(const Note& note, TimePoint now) {
    const LeaseNumber lease = note.wish.lease;
    Ledger::Terms terms{.keep = note.wish.keep || lease != 0, .lease = lease};
    if (lease != 0) terms.lease_terms = leases_.terms_of(lease).value_or(LeaseTerms());
    return settle(note.uncertain ? ledger_.note_uncertain(note.change, note.owner, terms, note.at)
                                 : ledger_.note(note.change, note.owner, terms, note.at),
                  now);
}

RouteBook::Changes RouteBook::settle(Changes changes, TimePoint now) {
    forget(changes);
    if (changes.added)
        if (const LeaseNumber lease = ledger_.find(*changes.added)->mandate->lease; lease != 0)
            leases_.add(lease, *changes.added, now);
    return changes;
}

void RouteBook::forget(const Changes& changes) {
    for (const Ledger::Removed& removed : changes.removed)
        if (removed.lease != 0) leases_.remove(removed.lease, removed.number);
}

RouteBook::Room RouteBook::make_room(const RouteChange& change, std::size_t most) {
    const auto fits = [&] {
        return ledger_.entries().size() < most || !ledger_.numbers_of(change.nlri).empty();
    };
    if (fits()) return {true, 0};
    const std::size_t gone = ledger_.gone();
    if (gone > 0) forget(ledger_.forget_gone());
    return {fits(), gone};
}

RouteBook::Changes RouteBook::remove(RouteNumber number) {
    Changes changes = ledger_.remove(number);
    forget(changes);
    return changes;
}

RouteBook::Changes RouteBook::confirm(RouteNumber number, TimePoint now) {
    return settle(ledger_.confirm(number), now);
}

std::size_t RouteBook::lose_unkept() {
    const Ledger::Lost lost = ledger_.lose_unkept();
    forget(lost.moot);
    return lost.routes;
}

void RouteBook::restore(StoredRoutes&& stored, TimePoint now) {
    for (auto& [number, entry] : stored.routes) {
        const RouteMandate& mandate = *entry.mandate;
        if (mandate.lease != 0 && mandate.lease_terms)
            leases_.restore(mandate.lease, *mandate.lease_terms, number, now);
        read_again(entry);
        ledger_.restore(number, std::move(entry));
    }
}

bool RouteBook::remember(Note note, std::size_t most) {
    const bool room = unread_.size() < most;
    if (!room) unread_.pop_front();
    unread_.push_back(std::move(note));
    return room;
}

void RouteBook::restore_late(StoredRoutes stored, TimePoint now) {
    renumber_leases(stored);
    const RouteNumber used = ledger_.last_number();
    const Ledger before = std::exchange(ledger_, Ledger(used));
    for (auto& [number, entry] : stored.routes) number += used;
    leases_.forget_routes();
    restore(std::move(stored), now);
    const auto& entries = ledger_.entries();
    const RouteNumber last = entries.empty() ? used : entries.rbegin()->first;
    for (const Note& note : std::exchange(unread_, {})) enter(note, now);
    follow(before, last, now);
}

/// Those of this run may have the same numbers.
void RouteBook::renumber_leases(StoredRoutes& stored) {
    std::map<LeaseNumber, LeaseNumber> renumbered;
    for (auto& [number, entry] : stored.routes) {
        if (entry.mandate->lease == 0) continue;
        RouteMandate mandate = *entry.mandate;
        LeaseNumber& lease = renumbered[mandate.lease];
        if (lease == 0) lease = leases_.unused();
        mandate.lease = lease;
        entry.mandate = std::make_shared<const RouteMandate>(std::move(mandate));
    }
}

/// What has become of the entries above `last` since they were entered in `before`, beside what
/// commands say: they were marked as kept, withdrawn by their numbers, forgotten, settled, or lost
/// with an ExaBGP.
void RouteBook::follow(const Ledger& before, RouteNumber last, TimePoint now) {
    std::vector<RouteNumber> entered;
    const auto& entries = ledger_.entries();
    for (auto entry = entries.upper_bound(last); entry != entries.end(); ++entry)
        entered.push_back(entry->first);
    for (const RouteNumber number : entered) {
        const LedgerEntry* entry = ledger_.find(number);
        if (entry == nullptr || (entry->withdraws && !entry->uncertain())) continue;
        const LedgerEntry* was = before.find(entry->nlri(), entry->mandate->peers, entry->line());
        if (was == nullptr)
            remove(number);
        else if (entry->uncertain() && was->state == Ledger::State::Done)
            confirm(number, now);
        else if (was->saved())
            keep(number);
        else if (was->gone() && !entry->saved())
            set_state(number, Ledger::State::Gone);
    }
}

}  // namespace exapulse
