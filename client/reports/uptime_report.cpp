// SPDX-License-Identifier: BSD-3-Clause
#include "client/reports/uptime_report.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "client/view/percentage.hpp"
#include "client/view/time_text.hpp"
#include "common/json_fields.hpp"
#include "common/units.hpp"

namespace exapulse::client {

namespace {

using nlohmann::json;
using nlohmann::ordered_json;

bool is_up(HealthState state) {
    switch (state) {
        case HealthState::Up:
            return true;
        case HealthState::Connecting:
        case HealthState::Degraded:
        case HealthState::Down:
            break;
    }
    return false;
}

ordered_json count_or_null(const std::optional<std::chrono::milliseconds>& time) {
    return time ? ordered_json(time->count()) : ordered_json(nullptr);
}

}  // namespace

UptimeReport::UptimeReport(const json& header, std::optional<Time> asked, OnSpan on_span)
    : on_span_(std::move(on_span)) {
    from_ = at_ = time_field(header, "from").value_or(Time());
    now_ = std::max(time_field(header, "now").value_or(from_), from_);
    complete_ = flag_field(header, "complete").value_or(true);
    if (asked && *asked < from_)
        not_remembered_ = std::chrono::duration_cast<Milliseconds>(from_ - *asked);
    read_runs(header);
    decided_ = text_field(header, "uuid") || number_field(header, "seq").value_or(0) > 0;
    enter(health_field(header).value_or(HealthState::Connecting), from_);
}

std::vector<EventType> UptimeReport::types() {
    return {EventType::Connected,   EventType::Restarted, EventType::Disconnected,
            EventType::Reconnected, EventType::Degraded,  EventType::Failed,
            EventType::Recovered,   EventType::Stopping};
}

void UptimeReport::add(const json& event) {
    const auto time = time_field(event, "time");
    const auto state = health_field(event);
    if (!time || !state) return;
    if (text_field(event, "type") == name_of(EventType::Gap)) return;
    go_to(text_field(event, "boot").value_or(run_.boot));
    pass(*time);
    decide(*state);
    backdate(*state, time_field(event, "last_pong"));
    if (text_field(event, "type") == name_of(EventType::Restarted))
        ++restarts_[text_field(event, "cause").value_or("unknown")];
    enter(*state, at_);
}

void UptimeReport::finish() {
    while (!runs_.empty()) go_to(runs_.front().boot);
    pass(now_);
    undecided_ += std::exchange(undecided_now_, Milliseconds(0));
    end_outage(now_);
}

void UptimeReport::report(std::optional<HealthState> state, Time from, Time to) const {
    if (on_span_ && to > from) on_span_(state, from, to);
}

/// Without them, all is one run.
void UptimeReport::read_runs(const json& header) {
    run_ = {text_field(header, "boot").value_or(""), from_, now_};
    const auto runs = header.find("runs");
    if (runs == header.end() || !runs->is_array()) return;
    if (!runs->empty()) run_.until = from_;  // it may have ended by then
    for (const json& run : *runs) {
        const auto started = time_field(run, "started");
        const auto until = time_field(run, "until");
        const auto boot = text_field(run, "boot");
        if (!started || !until || !boot) continue;
        if (*boot == run_.boot)
            run_.until = *until;
        else
            runs_.push_back({*boot, *started, *until});
    }
    std::reverse(runs_.begin(), runs_.end());
}

/// Ends the run at hand and all between it and that of `boot`, of which nothing is known then.
void UptimeReport::go_to(const std::string& boot) {
    while (run_.boot != boot && !runs_.empty()) {
        end_run();
        run_ = std::move(runs_.back());
        runs_.pop_back();
        if (run_.started > at_) {
            unwatched_ += std::chrono::duration_cast<Milliseconds>(run_.started - at_);
            report(std::nullopt, at_, run_.started);
            at_ = run_.started;
        }
    }
}

void UptimeReport::end_run() {
    pass(run_.until);
    undecided_ += std::exchange(undecided_now_, Milliseconds(0));
    end_outage(at_);
    decided_ = false;
    state_ = HealthState::Connecting;
}

/// The clock of the host may have been set back in between.
void UptimeReport::pass(Time until) {
    if (until <= at_) return;
    const auto passed = std::chrono::duration_cast<Milliseconds>(until - at_);
    (decided_ ? time_in_[state_] : undecided_now_) += passed;
    report(decided_ ? std::optional(state_) : std::nullopt, at_, until);
    at_ = until;
}

/// With the first verdict: an ExaBGP that is not up was not up before either.
void UptimeReport::decide(HealthState state) {
    if (decided_) return;
    decided_ = true;
    if (is_up(state)) return;
    time_in_[state_] += std::exchange(undecided_now_, Milliseconds(0));
    report(state_, std::max(from_, run_.started), at_);
    enter(state_, std::max(from_, run_.started));
}

/// What was counted as up since the last pong, before it was noticed that none came, was not.
void UptimeReport::backdate(HealthState state, std::optional<Time> last_pong) {
    if (!last_pong || !is_up(state_) || is_up(state)) return;
    const Time since = std::max(*last_pong, up_since_);
    if (since >= at_) return;
    const auto lost = std::chrono::duration_cast<Milliseconds>(at_ - since);
    time_in_[state_] -= lost;
    time_in_[state] += lost;
    report(state, since, at_);
    enter(state, since);
}

void UptimeReport::enter(HealthState state, Time at) {
    if (is_up(state) && !is_up(state_)) up_since_ = at;
    state_ = state;
    if (is_up(state)) {
        end_outage(at);
    } else if (decided_ && !out_since_) {
        out_since_ = at;
        ++outages_;
    }
}

void UptimeReport::end_outage(Time at) {
    if (!out_since_) return;
    const auto length = std::chrono::duration_cast<Milliseconds>(at - *out_since_);
    if (!longest_ || length > longest_->length) longest_ = Outage{*out_since_, length};
    out_since_.reset();
}

UptimeReport::Milliseconds UptimeReport::sum_of(bool up) const {
    Milliseconds sum{};
    for (const auto& [state, time] : time_in_)
        if (is_up(state) == up) sum += time;
    return sum;
}

std::optional<UptimeReport::Milliseconds> UptimeReport::mean(Milliseconds sum) const {
    if (outages_ == 0) return std::nullopt;
    return sum / static_cast<Milliseconds::rep>(outages_);
}

/// "40s degraded, 12s down"
std::string UptimeReport::states_down() const {
    std::string text;
    for (const auto& [state, time] : time_in_)
        if (!is_up(state) && time.count() > 0)
            text += fmt::format("{}{} {}", text.empty() ? "" : ", ", describe_duration(time),
                                name_of(state));
    return text;
}

std::size_t UptimeReport::restarts() const {
    std::size_t sum = 0;
    for (const auto& [cause, count] : restarts_) sum += count;
    return sum;
}

std::optional<double> UptimeReport::availability() const {
    const auto known = up() + down();
    if (known.count() == 0) return std::nullopt;
    return 100.0 * static_cast<double>(up().count()) / static_cast<double>(known.count());
}

std::string UptimeReport::as_json() const {
    const auto available = availability();
    ordered_json report{
        {"from", format_time(from_)},
        {"now", format_time(now_)},
        {"complete", complete_},
        {"state", name_of(state_)},
        {"availability", available ? ordered_json(*available) : ordered_json(nullptr)},
        {"up_ms", up().count()},
        {"down_ms", down().count()},
        {"unknown_ms", unknown().count()},
        {"not_remembered_ms", not_remembered_.count()},
        {"unwatched_ms", unwatched_.count()},
        {"ms_by_state", ordered_json::object()},
        {"outages", outages_},
        {"longest_outage", nullptr},
        {"mtbf_ms", count_or_null(between_outages())},
        {"mttr_ms", count_or_null(mean_outage())},
        {"restarts", restarts()},
        {"restarts_by_cause", ordered_json::object()}};
    for (const auto& [state, time] : time_in_) report["ms_by_state"][name_of(state)] = time.count();
    if (longest_)
        report["longest_outage"] = {{"from", format_time(longest_->from)},
                                    {"ms", longest_->length.count()}};
    for (const auto& [cause, count] : restarts_) report["restarts_by_cause"][cause] = count;
    return report.dump();
}

std::string UptimeReport::text(const Style& style) const {
    std::string text;
    const auto row = [&](std::string_view label, std::string_view value) {
        text += fmt::format("{}{}{}", text.empty() ? "" : "\n",
                            style.paint(Colour::Dim, fmt::format("{:<11}", label)), value);
    };
    const auto available = availability();
    const std::string over = describe_duration(up() + down());
    row("Up", available ? fmt::format("{} % of {}", percentage(*available), over) : "not known");
    if (const std::string states = states_down(); !states.empty()) row("Not up", states);
    row("Since", local_time(from_) + (complete_ ? "" : ", nothing older is remembered"));
    std::string causes;
    for (const auto& [cause, count] : restarts_)
        causes += fmt::format("{}{} {}", causes.empty() ? ": " : ", ", count, cause);
    row("Restarts", fmt::format("{}{}", restarts(), causes));
    row("Outages",
        !longest_ ? "none"
                  : fmt::format("{}, the longest {} from {}", outages_,
                                describe_duration(longest_->length), local_time(longest_->from)));
    if (outages_ > 0)
        row("Mean",
            fmt::format("{} up between outages (MTBF), {} an outage (MTTR)",
                        describe_duration(*between_outages()), describe_duration(*mean_outage())));
    if (unwatched_.count() > 0)
        row("Unknown", fmt::format("{} while exapulsed was not running, not counted",
                                   describe_duration(unwatched_)));
    if (not_remembered_.count() > 0)
        row("Unknown", fmt::format("{} before that; exapulsed was not running, or has forgotten it",
                                   describe_duration(not_remembered_)));
    if (undecided_.count() > 0)
        row("Unknown", fmt::format("{} until exapulsed knew how ExaBGP was, not counted",
                                   describe_duration(undecided_)));
    row("Now", name_of(state_));
    return text;
}

}  // namespace exapulse::client
