// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/kept/kept_routes.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "common/route_text.hpp"
#include "common/units.hpp"
#include "daemon/system/clock.hpp"

namespace exapulse {

namespace {

/// How many refused routes are logged one by one.
constexpr std::size_t most_logged = 20;

bool answers_again(EventType type) {
    return type == EventType::Connected || type == EventType::Restarted ||
           type == EventType::Reconnected || type == EventType::Recovered;
}

}  // namespace

KeptRoutes::KeptRoutes(uv::Loop& loop, Upstream& upstream, StoreThread* store, const Config& config,
                       Report report)
    : upstream_(upstream),
      config_(config),
      report_(std::move(report)),
      file_(loop, store, ledger_, [this](StoredRoutes stored) { read(std::move(stored)); }),
      sender_(
          loop, upstream, replay_,
          [this](const Replay::Settled& settled, const std::string& why) { settle(settled, why); },
          [this] { continue_replay(); }),
      lease_end_(loop, [this] { end_leases(); }) {}

void KeptRoutes::restore(std::optional<StoredRoutes> stored) {
    if (!stored) return file_.wait_until_readable();
    file_.restore_had_by(stored->had_by);
    restore_all(std::move(*stored));
}

void KeptRoutes::restore_all(StoredRoutes&& stored) {
    const TimePoint at = now().steady;
    for (auto& [number, entry] : stored.routes) {
        const RouteMandate& mandate = *entry.mandate;
        if (mandate.lease != 0 && mandate.lease_terms)
            leases_.restore(mandate.lease, *mandate.lease_terms, number, at);
        ledger_.restore(number, std::move(entry));
    }
    await_next_end();
}

bool KeptRoutes::note(const Request& request, const RouteOwner& owner, const RouteWish& wish,
                      const OnSaved& on_saved) {
    bool to_save = false, full = false;
    std::vector<std::string> busy;
    const WallTime at = now().wall;
    for (const RouteChange& change : route_changes(request)) {
        if (change.announces && !has_room_for(change)) {
            full = true;
            continue;
        }
        const Noted noted{change, owner, wish, at};
        if (file_.unread()) {
            note_unread(noted);
            // The file may have what it withdraws.
            to_save = to_save || !change.announces;
        }
        if (replay_.is_busy_with(change.nlri)) busy.push_back(change.nlri);
        to_save = enter(noted) || to_save;
    }
    await_next_end();
    if (full && (wish.keep || wish.lease != 0)) {
        on_saved(fmt::format("limits.routes ({}) are remembered already, withdraw some or raise it",
                             config_.limits.routes));
        file_.save({});
        return true;
    }
    if (!busy.empty()) {
        held_answers_.push_back({std::move(busy), on_saved});
        file_.save({});
        return true;
    }
    if (to_save)
        file_.save(on_saved, upstream_.outstanding() > 0 ? RouteFile::When::WithOthers
                                                         : RouteFile::When::Now);
    return to_save;
}

void KeptRoutes::note_uncertain(const Request& request, const RouteOwner& owner,
                                const RouteWish& wish) {
    const WallTime at = now().wall;
    for (const RouteChange& change : route_changes(request)) {
        if (!has_room_for(change)) continue;
        const Noted noted{change, owner, wish, at, true};
        if (file_.unread()) note_unread(noted);
        static_cast<void>(enter(noted));  // the file has nothing that is uncertain
    }
    await_next_end();
}

void KeptRoutes::settle_uncertain(std::span<const RouteNumber> numbers, bool done,
                                  const OnSaved& on_saved) {
    bool to_save = false;
    for (const RouteNumber number : numbers) {
        const LedgerEntry* entry = ledger_.find(number);
        if (entry == nullptr || !entry->uncertain() || entry->ending) continue;
        if (done && ledger_.numbers_of(entry->nlri()).back() != number) continue;
        to_save = settle(done ? ledger_.confirm(number) : ledger_.remove(number)) || to_save;
    }
    await_next_end();
    to_save ? file_.save(on_saved) : on_saved({});
}

void KeptRoutes::release_answers() {
    // While ExaBGP does not answer, nobody is to wait for it; the rest follows once it does.
    const bool answers = sender_.answers();
    const auto is_busy = [&](const std::string& nlri) {
        return answers && replay_.is_busy_with(nlri);
    };
    for (HeldAnswer& held : std::exchange(held_answers_, {})) {
        if (std::any_of(held.nlris.begin(), held.nlris.end(), is_busy))
            held_answers_.push_back(std::move(held));
        else
            file_.save(held.on_saved);
    }
}

void KeptRoutes::note_unread(Noted noted) {
    const auto most = static_cast<std::size_t>(std::max<std::int64_t>(config_.limits.routes, 1));
    if (unread_.size() >= most) {
        unread_.pop_front();
        if (!std::exchange(unread_lost_, true))
            spdlog::warn(
                "routes: more than limits.routes ({}) changes while those that are kept can't be "
                "read; a route that was withdrawn may come back",
                most);
    }
    unread_.push_back(std::move(noted));
}

bool KeptRoutes::enter(const Noted& noted) {
    const LeaseNumber lease = noted.wish.lease;
    Ledger::Terms terms{.keep = noted.wish.keep || lease != 0, .lease = lease};
    if (lease != 0) terms.lease_terms = leases_.terms_of(lease).value_or(LeaseTerms());
    return settle(noted.uncertain
                      ? ledger_.note_uncertain(noted.change, noted.owner, terms, noted.at)
                      : ledger_.note(noted.change, noted.owner, terms, noted.at));
}

bool KeptRoutes::settle(const Ledger::Changes& changes) {
    for (const Ledger::Removed& removed : changes.removed)
        if (removed.lease != 0) leases_.remove(removed.lease, removed.number);
    if (changes.added)
        if (const LeaseNumber lease = ledger_.find(*changes.added)->mandate->lease; lease != 0)
            leases_.add(lease, *changes.added, now().steady);
    return file_.note(changes);
}

bool KeptRoutes::has_room_for(const RouteChange& change) {
    const auto most = static_cast<std::size_t>(config_.limits.routes);
    const auto fits = [&] {
        return ledger_.entries().size() < most || !ledger_.numbers_of(change.nlri).empty();
    };
    if (!fits() && ledger_.gone() > 0) {
        spdlog::warn(
            "routes: limits.routes ({}) are remembered, so {} lost with an earlier ExaBGP are "
            "forgotten",
            most, counted(ledger_.gone(), "route"));
        ledger_.forget_gone();
    }
    const bool room = fits();
    if (room == full_) {
        full_ = !room;
        if (full_)
            spdlog::warn(
                "routes: limits.routes ({}) are remembered; further ones are announced, but not "
                "kept",
                most);
    }
    return room;
}

void KeptRoutes::keep(std::span<const RouteNumber> numbers, const OnSaved& on_saved) {
    bool to_save = false;
    for (const RouteNumber number : numbers) {
        const Ledger::Changes changes = ledger_.keep(number);
        if (changes.added) to_save = file_.note(changes) || to_save;
    }
    to_save ? file_.save(on_saved) : on_saved({});
}

bool KeptRoutes::announce_again(std::span<const RouteNumber> numbers, RouteOrders::OnEnd on_end) {
    if (!sender_.answers()) return false;
    std::set<RouteNumber> ordered;
    for (const RouteNumber number : numbers) {
        const LedgerEntry* entry = ledger_.find(number);
        if (entry == nullptr || entry->ending || !ordered.insert(number).second) continue;
        if (entry->state != Ledger::State::Done) {
            revived_.emplace(number, entry->state);
            ledger_.set_state(number, Ledger::State::Done);
        }
        replay_.send_again(number);
    }
    order(std::move(ordered), std::move(on_end));
    return true;
}

bool KeptRoutes::withdraw(std::span<const RouteNumber> numbers, RouteOrders::OnEnd on_end) {
    if (!sender_.answers()) return false;
    std::set<RouteNumber> ordered;
    for (const RouteNumber number : numbers) {
        const LedgerEntry* entry = ledger_.find(number);
        if (entry == nullptr || entry->ending) continue;
        if (entry->gone())
            static_cast<void>(settle(ledger_.remove(number)));
        else if (begin_end(number))
            ordered.insert(number);
    }
    file_.save({});
    order(std::move(ordered), std::move(on_end));
    return true;
}

void KeptRoutes::order(std::set<RouteNumber> routes, RouteOrders::OnEnd on_end) {
    if (routes.empty()) return on_end({});
    orders_.add(std::move(routes), std::move(on_end));
    sender_.ask();
}

void KeptRoutes::settle(const Replay::Settled& settled, const std::string& why) {
    const bool refused = settled.how == Replay::Settled::How::Refused;
    const auto revived = revived_.extract(settled.number);
    const std::string line(ledger_.find(settled.number)->line());
    if (settled.how == Replay::Settled::How::Withdrawn) {
        if (settle(ledger_.remove(settled.number))) file_.save({});
    } else if (revived) {
        if (refused)
            ledger_.set_state(settled.number, revived.mapped());
        else if (revived.mapped() == Ledger::State::Uncertain &&
                 settle(ledger_.confirm(settled.number)))
            file_.save({});
    }
    refused ? orders_.refused(settled.number, fmt::format("{}: {}", line, why))
            : orders_.done(settled.number);
}

void KeptRoutes::forget(std::span<const RouteNumber> numbers, const OnSaved& on_saved) {
    bool to_save = false;
    for (const RouteNumber number : numbers)
        if (ledger_.find(number) != nullptr) to_save = settle(ledger_.remove(number)) || to_save;
    to_save ? file_.save(on_saved) : on_saved({});
}

/// What could not be read at the start comes before everything that has happened since.
void KeptRoutes::read(StoredRoutes stored) {
    std::map<LeaseNumber, LeaseNumber> renumbered;
    for (auto& [number, entry] : stored.routes) {
        RouteMandate mandate = *entry.mandate;
        if (mandate.lease == 0) continue;
        LeaseNumber& lease = renumbered[mandate.lease];
        if (lease == 0) lease = leases_.unused();
        mandate.lease = lease;
        entry.mandate = std::make_shared<const RouteMandate>(std::move(mandate));
    }
    end_orders();
    const Ledger before = std::exchange(ledger_, Ledger());
    leases_.forget_routes();
    restore_all(std::move(stored));
    const RouteNumber last = ledger_.entries().empty() ? 0 : ledger_.entries().rbegin()->first;
    for (const Noted& noted : std::exchange(unread_, {})) static_cast<void>(enter(noted));
    follow(before, last);
    await_next_end();
    spdlog::info("routes: those that are kept have been read, and are announced again");
    // Whether ExaBGP has them is not known, and announcing them again is harmless.
    starting_ = 0;
    sender_.ask();
}

// Beside what the commands of clients say: they were marked as kept, withdrawn by their numbers,
// forgotten, or lost with an ExaBGP.
void KeptRoutes::follow(const Ledger& before, RouteNumber last) {
    std::vector<RouteNumber> entered;
    const auto& entries = ledger_.entries();
    for (auto entry = entries.upper_bound(last); entry != entries.end(); ++entry)
        entered.push_back(entry->first);
    for (const RouteNumber number : entered) {
        const LedgerEntry* entry = ledger_.find(number);
        if (entry == nullptr || (entry->withdraws && !entry->uncertain())) continue;
        const LedgerEntry* was = before.find(entry->nlri(), entry->mandate->peers, entry->line());
        if (was == nullptr)
            static_cast<void>(settle(ledger_.remove(number)));
        else if (entry->uncertain() && was->state == Ledger::State::Done)
            static_cast<void>(settle(ledger_.confirm(number)));
        else if (was->saved())
            static_cast<void>(file_.note(ledger_.keep(number)));
        else if (was->gone() && !entry->saved())
            ledger_.set_state(number, Ledger::State::Gone);
    }
}

LeaseNumber KeptRoutes::lease(LeaseNumber lease, const LeaseTerms& terms) {
    const TimePoint at = now().steady;
    if (lease == 0)
        lease = leases_.open(terms, at);
    else
        leases_.change(lease, terms, at);
    await_next_end();
    return lease;
}

bool KeptRoutes::renew(LeaseNumber lease) {
    return leases_.renew(lease, now().steady);
}

void KeptRoutes::let_go(LeaseNumber lease, bool announcing) {
    leases_.let_go(lease, announcing, now().steady);
    await_next_end();
}

void KeptRoutes::await_next_end() {
    const auto next = leases_.next();
    if (!next || stopped_) return lease_end_.stop();
    const auto left = std::chrono::ceil<Milliseconds>(*next - now().steady);
    lease_end_.start(std::max(left, Milliseconds(0)));
}

void KeptRoutes::end_leases() {
    for (const Leases::Over& over : leases_.expire(now().steady)) end(over);
    await_next_end();
    sender_.ask();
}

void KeptRoutes::end(const Leases::Over& over) {
    if (over.routes.empty()) return;
    const RouteOwner owner = ledger_.find(over.routes.front())->mandate->owner;
    Event event = upstream_.health().event(EventType::Expired, now());
    event.routes = over.routes.size();
    event.owner = EventOwner{owner.uid, owner.user, owner.name};
    event.detail = over.held ? "not renewed in time" : "its client has ended";
    for (const RouteNumber number : over.routes) begin_end(number);
    file_.save({});
    report_(event);
}

bool KeptRoutes::begin_end(RouteNumber number) {
    // What announces nothing is not withdrawn: a watchdog that is, or peers that are left out.
    if (withdrawal_of(ledger_.find(number)->line()).empty()) {
        static_cast<void>(settle(ledger_.remove(number)));
        return false;
    }
    ledger_.begin_end(number);
    replay_.withdraw(number);
    return true;
}

void KeptRoutes::on_event(const Event& event) {
    sender_.ask();  // ExaBGP may answer again, or no more
    if (stopped_ || event.uuid.empty() || !answers_again(event.type)) return;
    const bool restarted = event.type == EventType::Restarted;
    // Also one that was known before may have got only a part, by an exapulsed that was killed.
    if (!restarted && (event.uuid == file_.had_by() || replay_.active() || starting_)) return;
    end_orders();
    starting_ = restarted ? ledger_.lose_unkept() : 0;
    replay_.stop();
    sender_.forget();
    if (ledger_.kept() == 0 && config_.routes.eor.empty()) {
        starting_.reset();
        file_.note_had_by(event.uuid);
        file_.save({});
    }
    sender_.ask();
}

void KeptRoutes::stop() {
    stopped_ = true;
    starting_.reset();
    replay_.stop();
    end_orders();
    release_answers();
    file_.stop();
    lease_end_.stop();
}

void KeptRoutes::continue_replay() {
    if (const auto not_kept = std::exchange(starting_, std::nullopt)) {
        Event event = upstream_.health().event(EventType::Replaying, now());
        event.routes = ledger_.kept();
        event.not_kept = *not_kept;
        report_(event);
        replay_.begin(now());
    }
    release_answers();
    if (stopped_ || !sender_.answers()) return;
    replay_.set_batch(static_cast<std::size_t>(config_.routes.batch));
    replay_.set_closing(closing_commands());
    sender_.send(static_cast<std::size_t>(config_.commands.in_flight));
    if (replay_.idle()) end_orders();
    if (replay_.complete()) end_replay();
}

std::vector<std::string> KeptRoutes::closing_commands() const {
    std::vector<std::string> commands;
    for (const std::string& family : config_.routes.eor)
        commands.push_back(fmt::format("announce eor {}", family));
    return commands;
}

void KeptRoutes::end_orders() {
    orders_.end_all();
    revived_.clear();
}

/// It is reported once it is on disk that this ExaBGP has everything.
void KeptRoutes::end_replay() {
    const Replay::Result result = replay_.take_result(now());
    Event event = upstream_.health().event(EventType::Replayed, now());
    event.routes = result.routes;
    event.refused = result.refused;
    event.reasons = result.reasons;
    event.took = result.took;
    for (std::size_t i = 0; i < std::min(result.reasons.size(), most_logged); ++i)
        spdlog::warn("replay: ExaBGP did not take {}", result.reasons[i]);
    file_.note_had_by(event.uuid);
    file_.save([this, event](const std::string&) { report_(event); });
}

}  // namespace exapulse
