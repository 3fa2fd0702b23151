// SPDX-License-Identifier: BSD-3-Clause
// What answers mean for HoldState.
#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "client/hold/hold_state.hpp"
#include "common/json_fields.hpp"
#include "common/protocol.hpp"

namespace exapulse::client {

HoldState::Outcome HoldState::outcome_of(const Verdict& verdict) {
    if (verdict.code == ExitCode::Done) return Outcome::Done;
    if (!verdict.error)
        return verdict.source == Verdict::Source::Exabgp ? Outcome::Refused : Outcome::Again;
    switch (*verdict.error) {
        case ErrorCode::NotSaved:
            return Outcome::Later;
        case ErrorCode::Denied:
        case ErrorCode::TooLong:
        case ErrorCode::BadInput:
        case ErrorCode::UnknownVerb:
        case ErrorCode::UnknownPlace:
        case ErrorCode::ExabgpFailed:
        case ErrorCode::LeaseOver:
            return Outcome::Refused;
        case ErrorCode::NotSent:
        case ErrorCode::OutcomeUnknown:
        case ErrorCode::Busy:
        case ErrorCode::Incomplete:
            break;
    }
    return Outcome::Again;
}

void HoldState::data(std::string_view line) {
    if (steps_.empty()) return;
    if (steps_.front().kind == Kind::Status) status_ = line;
    if (steps_.front().kind == Kind::Search) find(line);
}

void HoldState::answered(const Verdict& verdict, Time now) {
    if (steps_.empty()) return;
    const Step step = steps_.front();
    steps_.pop_front();
    if (step.kind != Kind::Announce || verdict.code != ExitCode::Done ||
        !routes_[step.route].twins.empty())
        scanned_.reset();
    switch (step.kind) {
        case Kind::Setting:
            return on_setting(step, verdict, now);
        case Kind::Renew:
            return on_renewed(step, verdict, now);
        case Kind::Status:
            return on_status(verdict, now);
        case Kind::Search:
            on_searched(verdict, now);
            break;
        case Kind::Announce:
            on_announced(step, verdict, now);
            break;
        case Kind::Withdraw:
            on_withdrawn(step, verdict, now);
            break;
    }
    report_reached();
}

void HoldState::on_setting(const Step& step, const Verdict& verdict, Time now) {
    switch (outcome_of(verdict)) {
        case Outcome::Done:
            if (++settings_done_ < plan_.settings.size()) return;
            renewed_at_ = step.sent;
            renew_at_ = step.sent + plan_.ttl / renewals_in_ttl;
            away_reported_ = false;
            return on_progress();
        case Outcome::Refused:
            return give_up(verdict);
        case Outcome::Again:
        case Outcome::Later:
            if (goal_ == HoldGoal::Ended) return abandon(verdict.code);
            settings_sent_ = settings_done_;
            pause("", now);
            return report_away(verdict.text);
    }
}

// A lease that was over is granted again once a route was announced under it; so the clock shows
// whether others have outlived it.
void HoldState::on_renewed(const Step& step, const Verdict& verdict, Time now) {
    const Outcome outcome = outcome_of(verdict);
    if (outcome == Outcome::Refused) {
        if (settings_done_ < plan_.settings.size()) return;  // an answer before showed it
        settings_sent_ = settings_done_ = 0;
        renew_at_.reset();
        return announce_anew("the lease was not renewed in time; announcing again");
    }
    if (outcome != Outcome::Done) return;
    const Time before = std::exchange(renewed_at_, step.sent).value_or(step.sent);
    if (now - before >= plan_.ttl)
        announce_anew(
            "exapulsed was slow to renew the lease; announcing again in case it was over");
}

void HoldState::announce_anew(const std::string& why) {
    if (std::none_of(routes_.begin(), routes_.end(), [](const Route& r) { return r.fresh; }))
        return;
    for (Route& route : routes_) route.fresh = false;
    again_ = reached_ && reached_->routes > 0;
    report(why);
}

void HoldState::on_status(const Verdict& verdict, Time now) {
    const auto status = nlohmann::json::parse(std::exchange(status_, {}), nullptr, false);
    const std::string state = text_field(status, "state").value_or("");
    const bool up = state == name_of(HealthState::Up) || state == name_of(HealthState::Degraded);
    if (verdict.code == ExitCode::Done && up) {
        dialect_ = text_field(status, "dialect").value_or("");
        return;
    }
    if (goal_ == HoldGoal::Ended) return abandon(ExitCode::NotSent);
    if (verdict.code != ExitCode::Done) return pause(verdict.text, now);
    // An exapulsed that was just started has not reached it yet.
    const bool soon = state == name_of(HealthState::Connecting) && pause_ < longest_pause;
    pause(soon ? "" : fmt::format("ExaBGP is not up ({})", state), now);
}

// A route is of others if it has another owner or no lease, or if the connection of its lease is
// there, which may be that of a hold that takes over.
void HoldState::find(std::string_view line) {
    const auto listed = nlohmann::json::parse(line, nullptr, false);
    if (flag_field(listed, "withdrawn").value_or(true)) return;
    const bool left = flag_field(listed, "held") == false &&
                      number_field(listed, "uid") == plan_.uid &&
                      text_field(listed, "name") == plan_.owner;
    for (HeldRoute& route : held_routes(text_field(listed, "command").value_or(""))) {
        const auto same = search_->unwanted.lower_bound({route.nlri, ""});
        if (same == search_->unwanted.end() || same->first.nlri != route.nlri) continue;
        if (left)
            search_->left.insert(std::move(route));
        else
            search_->of_others.insert(std::move(route.nlri));
    }
}

// A line is withdrawn as a whole, so that all of its routes must be what is left.
std::set<std::size_t> HoldState::found_in(const Search& search) {
    std::set<std::size_t> found, of_others;
    for (const auto& [route, number] : search.unwanted) {
        if (search.of_others.contains(route.nlri) || search.wanted.contains(route))
            of_others.insert(number);
        else if (search.left.contains(route))
            found.insert(number);
    }
    for (const std::size_t number : of_others) found.erase(number);
    return found;
}

void HoldState::on_searched(const Verdict& verdict, Time now) {
    const auto search = std::exchange(search_, std::nullopt);
    const Outcome outcome = outcome_of(verdict);
    if (outcome == Outcome::Again || outcome == Outcome::Later) {
        if (goal_ == HoldGoal::Ended) return abandon(verdict.code);
        return pause(verdict.text, now);
    }
    if (!search || search->goal != goal_) return;
    for (Route& route : routes_)
        if (to_search(route)) route.inherited = false;
    std::size_t count = 0;
    for (const std::size_t number : found_in(*search)) {
        routes_[number].there = true;
        count += routes_[number].count;
    }
    if (count > 0 && !reached_) reached_ = {HoldGoal::Undecided, count};
}

void HoldState::on_announced(const Step& step, const Verdict& verdict, Time now) {
    Route& route = routes_[step.route];
    route.busy = false;
    route.there = true;
    --busy_;
    for (const std::size_t twin : route.twins) routes_[twin].fresh = false;
    switch (outcome_of(verdict)) {
        case Outcome::Done:
            route.fresh = true;
            route.refused = false;
            route.not_before.reset();
            on_progress();
            route.inherited = false;
            for (const std::size_t twin : route.twins)
                routes_[twin].there = routes_[twin].inherited = false;
            return;
        case Outcome::Refused:
            route.there = step.was_there;
            return on_refused(route, verdict, now);
        case Outcome::Later:
            route.not_before = now + plan_.ttl / renewals_in_ttl;
            return report(fmt::format("{}: {}", route.line, verdict.text));
        case Outcome::Again:
            if (verdict.error == ErrorCode::NotSent) route.there = step.was_there;
            return pause(verdict.text, now);
    }
}

// Before anything was held it is a mistake of who started this; later nobody may be there to read
// of it.
void HoldState::on_refused(Route& route, const Verdict& verdict, Time now) {
    const std::string text = fmt::format("{}: {}", route.line, verdict.text);
    if (!reached_once_) {
        if (goal_ != HoldGoal::Ended) give_up({verdict.code, text});
        return;
    }
    route.not_before = now + plan_.ttl / renewals_in_ttl;
    if (!std::exchange(route.refused, true)) report(text + "; trying again at every renewal");
}

// ExaBGP has answered error: it has no such route.
void HoldState::on_withdrawn(const Step& step, const Verdict& verdict, Time now) {
    Route& route = routes_[step.route];
    route.busy = false;
    --busy_;
    const Outcome outcome = outcome_of(verdict);
    if (outcome == Outcome::Done || verdict.source == Verdict::Source::Exabgp) {
        route.there = route.inherited = false;
        return on_progress();
    }
    if (goal_ != HoldGoal::Ended) return pause(verdict.text, now);
    route.there = route.inherited = false;
    leave(verdict.code);
    report(fmt::format("{}: {}", route.withdrawal, verdict.text));
}

void HoldState::on_progress() {
    pause_ = first_pause;
    trouble_reported_ = false;
}

void HoldState::pause(const std::string& why, Time now) {
    dialect_.reset();
    not_before_ = now + pause_;
    pause_ = std::min(2 * pause_, longest_pause);
    if (!why.empty() && !std::exchange(trouble_reported_, true)) report(why + "; trying again");
}

void HoldState::report_away(const std::string& why) {
    if (!std::exchange(away_reported_, true)) report(why + "; trying again");
}

void HoldState::give_up(const Verdict& verdict) {
    goal_ = HoldGoal::Ended;
    exit_code_ = worse(exit_code_, verdict.code);
    report(verdict.text);
    if (settings_done_ < plan_.settings.size()) abandon(verdict.code);
}

void HoldState::abandon(ExitCode code) {
    for (Route& route : routes_) {
        route.inherited = false;
        if (std::exchange(route.there, false)) leave(code);
    }
}

void HoldState::leave(ExitCode code) {
    leaves_routes_ = true;
    exit_code_ = worse(exit_code_, code);
}

}  // namespace exapulse::client
