// SPDX-License-Identifier: BSD-3-Clause
// The order of work: settings, renewals, what is to be withdrawn, what is to be announced.
#include "client/hold/hold_state.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "common/exabgp_spelling.hpp"
#include "common/route_text.hpp"

namespace exapulse::client {

namespace {

constexpr std::string_view status_question = "sidecar status";
constexpr std::string_view routes_question = "sidecar routes";
constexpr std::string_view renewal = "sidecar renew";

}  // namespace

HoldState::HoldState(HoldPlan plan) : plan_(std::move(plan)) {
    add(plan_.up, HoldGoal::Up);
    add(plan_.down, HoldGoal::Down);
    link_twins();
}

void HoldState::add(const std::vector<std::string>& lines, HoldGoal when) {
    for (const std::string& line : lines)
        routes_.push_back({line, withdrawal_of(line), when, routes_in(line), {}});
}

void HoldState::link_twins() {
    std::multimap<std::string, std::size_t> down;
    for (std::size_t i = plan_.up.size(); i < routes_.size(); ++i)
        down.emplace(route_key(routes_[i].line), i);
    for (std::size_t i = 0; i < plan_.up.size(); ++i) {
        const auto [begin, end] = down.equal_range(route_key(routes_[i].line));
        for (auto twin = begin; twin != end; ++twin) {
            routes_[i].twins.push_back(twin->second);
            routes_[twin->second].twins.push_back(i);
        }
    }
}

void HoldState::set_goal(HoldGoal goal) {
    goal_ = goal;
    scanned_.reset();
    if (goal == HoldGoal::Ended && !attached_) abandon(ExitCode::Unreachable);
    report_reached();
}

void HoldState::lost(const std::string& why) {
    attached_ = false;
    settings_sent_ = settings_done_ = 0;
    steps_.clear();
    renew_at_.reset();
    dialect_.reset();
    busy_ = 0;
    scanned_.reset();
    not_before_.reset();
    for (Route& route : routes_) route.fresh = route.busy = false;
    again_ = reached_ && reached_->routes > 0;
    if (goal_ == HoldGoal::Ended) return abandon(ExitCode::Unreachable);
    report_away(why);
}

std::optional<std::string> HoldState::next(Time now) {
    if (settings_done_ < plan_.settings.size()) return next_setting(now);
    if (renew_at_ && now >= *renew_at_) {
        renew_at_ = now + plan_.ttl / renewals_in_ttl;
        return send({.kind = Kind::Renew, .sent = now}, std::string(renewal));
    }
    return steps_.size() < window ? next_of_routes(now) : std::nullopt;
}

std::optional<std::string> HoldState::next_setting(Time now) {
    if (settings_sent_ == plan_.settings.size() || paused(now)) return std::nullopt;
    return send({.kind = Kind::Setting, .sent = now}, plan_.settings[settings_sent_++]);
}

std::optional<std::string> HoldState::next_of_routes(Time now) {
    if (paused(now)) return std::nullopt;
    if (!scanned_) {
        Route* const gone = first_to_withdraw();
        if (gone != nullptr) return dialect_ ? send_of(*gone, Kind::Withdraw) : ask_status();
        if (withdrawing()) return std::nullopt;
        if (has_to_search()) return search();
        scanned_ = 0;
    }
    while (*scanned_ < routes_.size() && !to_announce(routes_[*scanned_], now)) ++*scanned_;
    if (*scanned_ < routes_.size())
        return dialect_ ? send_of(routes_[*scanned_], Kind::Announce) : ask_status();
    scanned_.reset();
    return std::nullopt;
}

HoldState::Route* HoldState::first_to_withdraw() {
    const auto found = std::find_if(routes_.begin(), routes_.end(),
                                    [this](const Route& route) { return to_withdraw(route); });
    return found == routes_.end() ? nullptr : &*found;
}

// What is announced may be the same route as what is withdrawn, in a spelling that shows it to
// nobody but ExaBGP; so nothing is announced before all that is not wanted is gone.
bool HoldState::withdrawing() const {
    return std::any_of(routes_.begin(), routes_.end(), [this](const Route& route) {
        return route.busy && !wanted(route) && !replaced(route);
    });
}

// Each round of work begins with the question whether ExaBGP is up, and which spelling it takes.
std::optional<std::string> HoldState::ask_status() {
    const bool asked = std::any_of(steps_.begin(), steps_.end(),
                                   [](const Step& step) { return step.kind == Kind::Status; });
    if (asked) return std::nullopt;
    return send({.kind = Kind::Status}, std::string(status_question));
}

std::optional<std::string> HoldState::search() {
    const bool asked = std::any_of(steps_.begin(), steps_.end(),
                                   [](const Step& step) { return step.kind == Kind::Search; });
    if (asked) return std::nullopt;
    search_.emplace(Search{goal_});
    for (std::size_t i = 0; i < routes_.size(); ++i)
        for (HeldRoute& route : held_routes(routes_[i].line))
            if (to_search(routes_[i]))
                search_->unwanted.emplace(std::move(route), i);
            else if (wanted(routes_[i]))
                search_->wanted.insert(std::move(route));
    return send({.kind = Kind::Search}, std::string(routes_question));
}

std::string HoldState::send_of(Route& route, Kind kind) {
    const auto number = static_cast<std::size_t>(&route - routes_.data());
    const bool withdraws = kind == Kind::Withdraw;
    const bool was_there = std::exchange(route.there, true);
    route.busy = true;
    ++busy_;
    if (withdraws) route.fresh = false;
    const std::string& line = withdraws ? route.withdrawal : route.line;
    return send({.kind = kind, .route = number, .was_there = was_there},
                respelled(line, *dialect_).value_or(line));
}

// It needs no withdrawal, unless ExaBGP refuses what would replace it.
bool HoldState::replaced(const Route& route) const {
    return std::any_of(route.twins.begin(), route.twins.end(), [this](std::size_t twin) {
        return wanted(routes_[twin]) && !routes_[twin].refused;
    });
}

bool HoldState::to_search(const Route& route) const {
    return route.inherited && !route.there && !wanted(route) && !replaced(route);
}

bool HoldState::has_to_search() const {
    return goal_ != HoldGoal::Undecided &&
           std::any_of(routes_.begin(), routes_.end(),
                       [this](const Route& route) { return to_search(route); });
}

bool HoldState::to_withdraw(const Route& route) const {
    return route.there && !route.busy && !wanted(route) && goal_ != HoldGoal::Undecided &&
           !replaced(route);
}

bool HoldState::to_announce(const Route& route, Time now) const {
    return wanted(route) && !route.fresh && !route.busy &&
           (!route.not_before || now >= *route.not_before);
}

std::string HoldState::send(Step step, std::string line) {
    steps_.push_back(step);
    return line;
}

bool HoldState::paused(Time now) const {
    return not_before_ && now < *not_before_;
}

// What is not due later waits for an answer.
std::optional<HoldState::Time> HoldState::due(Time now) const {
    std::optional<Time> first;
    const auto consider = [&](std::optional<Time> time) {
        if (time && *time > now && (!first || *time < *first)) first = time;
    };
    if (!attached_) return first;
    consider(renew_at_);
    consider(not_before_);
    for (const Route& route : routes_)
        if (wanted(route) && !route.fresh) consider(route.not_before);
    return first;
}

bool HoldState::finished() const {
    return goal_ == HoldGoal::Ended && busy_ == 0 &&
           std::none_of(routes_.begin(), routes_.end(),
                        [](const Route& r) { return r.there || r.inherited; });
}

void HoldState::report(std::string trouble) {
    notices_.push_back({.text = std::move(trouble)});
}

void HoldState::report_reached() {
    if (goal_ == HoldGoal::Undecided || busy_ > 0 || leaves_routes_ || has_to_search()) return;
    std::size_t count = 0;
    for (const Route& route : routes_) {
        if (to_withdraw(route)) return;
        if (!wanted(route) || route.refused) continue;
        if (!route.fresh) return;
        count += route.count;
    }
    reached_once_ |= count > 0;
    const bool same = reached_ && reached_->goal == goal_ && reached_->routes == count;
    if (same && !again_) return;
    notices_.push_back({.kind = HoldNotice::Kind::Reached,
                        .goal = goal_,
                        .routes = count,
                        .before = reached_ ? reached_->routes : 0,
                        .again = same && again_});
    reached_ = {goal_, count};
    again_ = false;
}

std::vector<HoldNotice> HoldState::take_notices() {
    return std::exchange(notices_, {});
}

}  // namespace exapulse::client
