// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/kept/kept_routes.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "common/route_text.hpp"
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
      book_(loop, store, config, [this](StoredRoutes stored) { read(std::move(stored)); }),
      sender_(
          loop, upstream, replay_,
          [this](const Replay::Settled& settled, const std::string& why) { settle(settled, why); },
          [this] { continue_replay(); }),
      lease_clock_(loop, book_, [this](const Leases::Over& over) { end(over); }) {}

void KeptRoutes::restore(std::optional<StoredRoutes> stored) {
    book_.restore(std::move(stored));
    lease_clock_.await_next();
}

bool KeptRoutes::note(const Request& request, const RouteOwner& owner, const RouteWish& wish,
                      const OnSaved& on_saved) {
    bool to_save = false, full = false;
    std::vector<std::string> busy;
    const WallTime at = now().wall;
    for (const RouteChange& change : route_changes(request)) {
        if (change.announces && !book_.has_room_for(change)) {
            full = true;
            continue;
        }
        to_save = to_save || (!change.announces && book_.may_have(change.nlri));
        if (replay_.is_busy_with(change.nlri)) busy.push_back(change.nlri);
        to_save = book_.enter({change, owner, wish, at}) || to_save;
    }
    lease_clock_.await_next();
    if (full && (wish.keep || wish.lease != 0)) {
        on_saved(fmt::format("limits.routes ({}) are remembered already, withdraw some or raise it",
                             config_.limits.routes));
        book_.save({});
        return true;
    }
    if (!busy.empty()) {
        held_answers_.push_back({std::move(busy), to_save, on_saved});
        if (to_save) book_.save({});
        return true;
    }
    if (to_save)
        book_.save(on_saved, upstream_.outstanding() > 0 ? SavedBook::When::WithOthers
                                                         : SavedBook::When::Now);
    return to_save;
}

bool KeptRoutes::note_uncertain(const Request& request, const RouteOwner& owner,
                                const RouteWish& wish) {
    bool listed = false;
    const WallTime at = now().wall;
    for (const RouteChange& change : route_changes(request)) {
        if (!book_.has_room_for(change)) continue;
        static_cast<void>(book_.enter({change, owner, wish, at, true}));  // which no file has
        for (const RouteNumber number : ledger().numbers_of(change.nlri))
            listed = listed || ledger().find(number)->uncertain();
    }
    lease_clock_.await_next();
    return listed;
}

void KeptRoutes::settle_uncertain(std::span<const RouteNumber> numbers, bool done,
                                  const OnSaved& on_saved) {
    bool to_save = false;
    for (const RouteNumber number : numbers) {
        const LedgerEntry* entry = ledger().find(number);
        // What another command has settled may not be on the disk yet.
        if (entry == nullptr) to_save = to_save || book_.may_have_any();
        if (entry == nullptr || !entry->uncertain() || entry->ending) continue;
        if (done && ledger().numbers_of(entry->nlri()).back() != number) continue;
        to_save = (done ? book_.confirm(number) : book_.remove(number)) || to_save;
    }
    lease_clock_.await_next();
    to_save ? book_.save(on_saved) : on_saved({});
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
            held.to_save ? book_.save(held.on_saved) : held.on_saved({});
    }
}

void KeptRoutes::keep(std::span<const RouteNumber> numbers, const OnSaved& on_saved) {
    bool to_save = false;
    for (const RouteNumber number : numbers) {
        const LedgerEntry* entry = ledger().find(number);
        if (entry == nullptr) continue;
        // What was kept before may not be on the disk yet.
        to_save = book_.keep(number) || entry->saved() || to_save;
    }
    to_save ? book_.save(on_saved) : on_saved({});
}

bool KeptRoutes::announce_again(std::span<const RouteNumber> numbers, OnOrderEnd on_end) {
    if (!sender_.answers()) return false;
    std::set<RouteNumber> ordered;
    for (const RouteNumber number : numbers) {
        const LedgerEntry* entry = ledger().find(number);
        if (entry == nullptr || entry->ending || !ordered.insert(number).second) continue;
        if (entry->state != Ledger::State::Done) {
            revived_.emplace(number, entry->state);
            book_.set_state(number, Ledger::State::Done);
        }
        replay_.send_again(number);
    }
    order(std::move(ordered), false, std::move(on_end));
    return true;
}

bool KeptRoutes::withdraw(std::span<const RouteNumber> numbers, OnOrderEnd on_end) {
    if (!sender_.answers()) return false;
    bool to_save = false;
    std::set<RouteNumber> ordered;
    for (const RouteNumber number : numbers) {
        const LedgerEntry* entry = ledger().find(number);
        if (entry == nullptr) continue;
        if (entry->gone() && !entry->ending)
            to_save = book_.remove(number) || to_save;
        else if (entry->ending || begin_end(number, to_save))
            ordered.insert(number);
    }
    order(std::move(ordered), to_save, std::move(on_end));
    return true;
}

void KeptRoutes::order(std::set<RouteNumber> routes, bool to_save, OnOrderEnd on_end) {
    auto answer = [this, on_end = std::move(on_end)](const RouteOrders::Result& result) {
        if (!result.to_save) return on_end(result, {});
        book_.save([on_end, result](const std::string& why) { on_end(result, why); });
    };
    if (routes.empty()) return answer({.to_save = to_save});
    orders_.add(std::move(routes), to_save, std::move(answer));
    sender_.ask();
}

void KeptRoutes::settle(const Replay::Settled& settled, const std::string& why) {
    const bool refused = settled.how == Replay::Settled::How::Refused;
    const auto revived = revived_.extract(settled.number);
    const std::string line(ledger().find(settled.number)->line());
    bool to_save = false;
    if (settled.how == Replay::Settled::How::Withdrawn)
        to_save = book_.remove(settled.number);
    else if (revived && refused)
        book_.set_state(settled.number, revived.mapped());
    else if (revived && revived.mapped() == Ledger::State::Uncertain)
        to_save = book_.confirm(settled.number);
    refused ? orders_.refused(settled.number, fmt::format("{}: {}", line, why))
            : orders_.done(settled.number, to_save);
    if (to_save) book_.save({});
}

void KeptRoutes::forget(std::span<const RouteNumber> numbers, const OnSaved& on_saved) {
    bool to_save = false;
    for (const RouteNumber number : numbers)
        if (ledger().find(number) != nullptr) to_save = book_.remove(number) || to_save;
    to_save ? book_.save(on_saved) : on_saved({});
}

void KeptRoutes::read(StoredRoutes stored) {
    end_orders();
    book_.restore_late(std::move(stored));
    lease_clock_.await_next();
    spdlog::info("routes: those that are kept have been read, and are announced again");
    // Whether ExaBGP has them is not known, and announcing them again is harmless.
    starting_ = 0;
    sender_.ask();
}

void KeptRoutes::end(const Leases::Over& over) {
    if (over.routes.empty()) return;
    const RouteOwner owner = ledger().find(over.routes.front())->mandate->owner;
    Event event = upstream_.health().event(EventType::Expired, now());
    event.routes = over.routes.size();
    event.owner = EventOwner{owner.uid, owner.user, owner.name};
    event.detail = over.held ? "not renewed in time" : "its client has ended";
    bool to_save = false;
    for (const RouteNumber number : over.routes) begin_end(number, to_save);
    if (to_save) book_.save({});
    report_(event);
    sender_.ask();
}

bool KeptRoutes::begin_end(RouteNumber number, bool& to_save) {
    // What announces nothing is not withdrawn: a watchdog that is, or peers that are left out.
    if (withdrawal_of(ledger().find(number)->line()).empty()) {
        to_save = book_.remove(number) || to_save;
        return false;
    }
    book_.begin_end(number);
    replay_.withdraw(number);
    return true;
}

void KeptRoutes::on_event(const Event& event) {
    sender_.ask();  // ExaBGP may answer again, or no more
    if (stopped_ || event.uuid.empty() || !answers_again(event.type)) return;
    const bool restarted = event.type == EventType::Restarted;
    // Also one that was known before may have got only a part, by an exapulsed that was killed.
    if (!restarted && (event.uuid == book_.had_by() || replay_.active() || starting_)) return;
    end_orders();
    starting_ = restarted ? book_.lose_unkept() : 0;
    replay_.stop();
    sender_.forget();
    if (ledger().kept() == 0 && config_.routes.eor.empty()) {
        starting_.reset();
        book_.note_had_by(event.uuid);
        book_.save({});
    }
    sender_.ask();
}

void KeptRoutes::stop() {
    stopped_ = true;
    starting_.reset();
    replay_.stop();
    end_orders();
    release_answers();
    book_.stop();
    lease_clock_.stop();
}

void KeptRoutes::continue_replay() {
    if (const auto not_kept = std::exchange(starting_, std::nullopt)) {
        Event event = upstream_.health().event(EventType::Replaying, now());
        event.routes = ledger().kept();
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
    book_.note_had_by(event.uuid);
    book_.save([this, event](const std::string&) { report_(event); });
}

}  // namespace exapulse
