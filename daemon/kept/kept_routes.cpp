// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/kept/kept_routes.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "common/exabgp_spelling.hpp"
#include "common/units.hpp"
#include "daemon/system/clock.hpp"

namespace exapulse {

namespace {

using namespace std::chrono_literals;

/// Before what could not be saved is tried again, if the store reports no change before that.
constexpr Milliseconds save_pause = 5s;

/// How many refused routes are logged one by one.
constexpr std::size_t most_logged = 20;

}  // namespace

KeptRoutes::KeptRoutes(uv::Loop& loop, Upstream& upstream, StoreThread* store, const Config& config,
                       bool known_before, Report report)
    : upstream_(upstream),
      store_(store),
      config_(config),
      known_before_(known_before),
      report_(std::move(report)),
      next_turn_(loop, [this] { continue_replay(); }),
      retry_(loop, [this] { try_again(); }) {
    if (store_ == nullptr) problem_ = "history.store is false";
}

void KeptRoutes::restore(std::optional<std::vector<NumberedRoute>> routes) {
    if (!routes) {
        problem_ = "those that were kept before can't be read yet";
        unread_.emplace();
        return;
    }
    for (auto& [number, entry] : *routes) ledger_.restore(number, std::move(entry));
}

bool KeptRoutes::note(const Request& request, const RouteOwner& owner, bool keep,
                      const OnSaved& on_saved) {
    bool to_save = false, full = false;
    const WallTime at = now().wall;
    for (const RouteChange& change : route_changes(request)) {
        if (change.announces && !has_room_for(change)) {
            full = true;
            continue;
        }
        if (unread_) note_unread({change, owner, keep, at});
        to_save = enter(change, owner, keep, at) || to_save;
    }
    if (full && keep) {
        on_saved(fmt::format("limits.routes ({}) are remembered already, withdraw some or raise it",
                             config_.limits.routes));
        save();
        return true;
    }
    if (!to_save) return false;
    if (!problem_.empty()) {
        on_saved(problem_);
        return true;
    }
    waiting_.push_back(on_saved);
    save();
    return true;
}

void KeptRoutes::note_unread(Noted noted) {
    const auto most = static_cast<std::size_t>(std::max<std::int64_t>(config_.limits.routes, 1));
    if (unread_->size() >= most) {
        unread_->pop_front();
        if (!std::exchange(unread_lost_, true))
            spdlog::warn(
                "routes: more than limits.routes ({}) changes while those that are kept can't be "
                "read; a route that was withdrawn may come back",
                most);
    }
    unread_->push_back(std::move(noted));
}

bool KeptRoutes::enter(const RouteChange& change, const RouteOwner& owner, bool keep, WallTime at) {
    bool to_save = false;
    const Ledger::Changes changes = ledger_.note(change, owner, keep, at);
    for (const Ledger::Removed& removed : changes.removed) {
        if (!removed.kept) continue;
        to_save = true;
        // While nothing can be saved, all of it will be.
        if (problem_.empty()) unsaved_.removed.push_back(removed.number);
    }
    if (!changes.added) return to_save;
    const LedgerEntry& entry = *ledger_.find(*changes.added);
    if (!entry.kept) return to_save;
    if (problem_.empty()) unsaved_.added.emplace_back(*changes.added, entry);
    return true;
}

bool KeptRoutes::has_room_for(const RouteChange& change) {
    const auto most = static_cast<std::size_t>(config_.limits.routes);
    const bool room = ledger_.entries().size() < most || !ledger_.numbers_of(change.nlri).empty();
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

/// One write at a time: what comes meanwhile goes with the next one.
void KeptRoutes::save() {
    const bool nothing = unsaved_.added.empty() && unsaved_.removed.empty();
    if (saving_ || !problem_.empty() || nothing) return;
    write(std::exchange(unsaved_, {}));
}

/// All that is kept, since the file may be another one.
void KeptRoutes::save_all() {
    RouteWrite all{.all = true};
    for (const auto& [number, entry] : ledger_.entries())
        if (entry.kept) all.added.emplace_back(number, entry);
    unsaved_ = {};
    write(std::move(all));
}

void KeptRoutes::write(RouteWrite change) {
    saving_ = true;
    store_->ask<std::string>(
        [change = std::move(change)](EventStore& store) { return store.write_routes(change); },
        [this, waiting = std::exchange(waiting_, {})](const std::string& problem) {
            saved(problem, waiting);
        });
}

void KeptRoutes::saved(const std::string& problem, const std::vector<OnSaved>& waiting) {
    saving_ = false;
    problem_ = problem;
    for (const OnSaved& on_saved : waiting) on_saved(problem);
    if (problem.empty()) return save();
    for (const OnSaved& on_saved : std::exchange(waiting_, {})) on_saved(problem);
    retry_.start(save_pause);
}

void KeptRoutes::try_again() {
    if (store_ == nullptr || stopped_ || saving_) return;
    if (!unread_) return save_all();
    saving_ = true;
    store_->ask<std::optional<std::vector<NumberedRoute>>>(
        [](EventStore& store) { return store.read_routes(); },
        [this](std::optional<std::vector<NumberedRoute>> routes) { read(std::move(routes)); });
}

/// What could not be read at the start comes before everything that has happened since.
void KeptRoutes::read(std::optional<std::vector<NumberedRoute>> routes) {
    saving_ = false;
    if (!routes) {
        retry_.start(save_pause);
        return;
    }
    const std::deque<Noted> since = *std::exchange(unread_, std::nullopt);
    ledger_ = Ledger();
    restore(std::move(routes));
    for (const Noted& noted : since)
        static_cast<void>(enter(noted.change, noted.owner, noted.keep, noted.at));
    problem_.clear();
    spdlog::info("routes: those that are kept have been read, and are announced again");
    save_all();
    // Whether ExaBGP has them is not known, and announcing them again is harmless.
    starting_ = 0;
    next_turn_.ask();
}

void KeptRoutes::on_event(const Event& event) {
    if (replay_.active()) next_turn_.ask();  // it may answer again
    const bool first = event.type == EventType::Connected && !known_before_;
    if (event.type == EventType::Connected || event.type == EventType::Restarted)
        known_before_ = true;
    if ((event.type != EventType::Restarted && !first) || stopped_) return;
    starting_ = ledger_.forget_unkept();
    replay_.stop();
    reasons_.clear();
    if (ledger_.kept() == 0)
        starting_.reset();
    else
        next_turn_.ask();
}

void KeptRoutes::stop() {
    stopped_ = true;
    starting_.reset();
    replay_.stop();
}

void KeptRoutes::continue_replay() {
    if (const auto not_kept = std::exchange(starting_, std::nullopt)) {
        Event event = upstream_.health().event(EventType::Replaying, now());
        event.routes = ledger_.kept();
        event.not_kept = *not_kept;
        report_(event);
        replay_.begin(now());
    }
    if (!replay_.active() || !answers()) return;
    const auto window = static_cast<std::size_t>(config_.commands.in_flight);
    while (auto step = replay_.next(window)) submit(std::move(*step));
    if (replay_.complete()) end_replay();
}

bool KeptRoutes::answers() const {
    const HealthState state = upstream_.health().state();
    return state == HealthState::Up || state == HealthState::Degraded;
}

void KeptRoutes::submit(Replay::Step step) {
    // ExaBGP may have come back as another version.
    if (const auto dialect = upstream_.dialect())
        if (auto other = respelled(step.line, name_of(*dialect))) step.line = std::move(*other);
    Command command;
    command.id = step.id;
    command.owner = replay_of_routes;
    command.request = std::make_shared<const Request>(step.line);
    command.sink = this;
    upstream_.submit(std::move(command));
}

void KeptRoutes::on_answer_line(const Command& command, std::string_view line) {
    if (line.starts_with(error_prefix))
        reasons_[command.id] = std::string(line.substr(error_prefix.size()));
}

void KeptRoutes::on_verdict(const Command& command, const Verdict& verdict) {
    std::string why;
    if (const auto reason = reasons_.find(command.id); reason != reasons_.end()) {
        why = std::move(reason->second);
        reasons_.erase(reason);
    }
    Replay::Answer answer = verdict.done ? Replay::Answer::Done : Replay::Answer::Refused;
    if (verdict.lost == ErrorCode::NotSent) answer = Replay::Answer::NotSent;
    if (verdict.lost == ErrorCode::OutcomeUnknown) answer = Replay::Answer::Unknown;
    if (verdict.lost) why = verdict.why;
    replay_.on_answer(command.id, answer, why.empty() ? "ExaBGP gave no reason" : why);
    next_turn_.ask();
}

void KeptRoutes::end_replay() {
    const Replay::Result result = replay_.take_result(now());
    Event event = upstream_.health().event(EventType::Replayed, now());
    event.routes = result.routes;
    event.refused = result.refused;
    event.reasons = result.reasons;
    event.took = result.took;
    report_(event);
    for (std::size_t i = 0; i < std::min(result.reasons.size(), most_logged); ++i)
        spdlog::warn("replay: ExaBGP did not take {}", result.reasons[i]);
}

}  // namespace exapulse
