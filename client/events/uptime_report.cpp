// SPDX-License-Identifier: BSD-3-Clause
#include "client/events/uptime_report.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "client/view/json_fields.hpp"
#include "client/view/time_text.hpp"
#include "common/units.hpp"

namespace exapulse::client {

namespace {

using nlohmann::json;
using nlohmann::ordered_json;

bool is_up(HealthState state) {
    return state == HealthState::Up || state == HealthState::Degraded;
}

/// Never 100 when something was lost.
std::string percent(double availability) {
    const std::string text = fmt::format("{:.3f}", availability);
    return availability < 100 && text == "100.000" ? "99.999" : text;
}

}  // namespace

UptimeReport::UptimeReport(const json& header, const std::vector<json>& events) {
    from_ = at_ = time_field(header, "from").value_or(Time());
    now_ = std::max(time_field(header, "now").value_or(from_), from_);
    complete_ = flag_field(header, "complete").value_or(true);
    met_ = text_field(header, "uuid").has_value();
    enter(health_field(header).value_or(HealthState::Connecting), from_);
    for (const json& event : events) {
        const auto time = time_field(event, "time");
        const auto state = health_field(event);
        if (!time || !state) continue;
        pass(*time);
        if (text_field(event, "uuid")) met_ = true;
        if (text_field(event, "type") == name_of(EventType::Restarted))
            ++restarts_[text_field(event, "cause").value_or("unknown")];
        enter(*state, at_);
    }
    pass(now_);
    end_outage(now_);
}

/// The clock of the host may have been set back in between.
void UptimeReport::pass(Time until) {
    if (until <= at_) return;
    const auto passed = std::chrono::duration_cast<Milliseconds>(until - at_);
    if (is_up(state_))
        up_ += passed;
    else
        (met_ ? down_ : unknown_) += passed;
    at_ = until;
}

void UptimeReport::enter(HealthState state, Time at) {
    state_ = state;
    if (is_up(state)) {
        end_outage(at);
    } else if (met_ && !out_since_) {
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

std::size_t UptimeReport::restarts() const {
    std::size_t sum = 0;
    for (const auto& [cause, count] : restarts_) sum += count;
    return sum;
}

std::optional<double> UptimeReport::availability() const {
    const auto known = up_ + down_;
    if (known.count() == 0) return std::nullopt;
    return 100.0 * static_cast<double>(up_.count()) / static_cast<double>(known.count());
}

std::string UptimeReport::as_json() const {
    const auto available = availability();
    ordered_json report{
        {"from", format_time(from_)},
        {"now", format_time(now_)},
        {"complete", complete_},
        {"state", name_of(state_)},
        {"availability", available ? ordered_json(*available) : ordered_json(nullptr)},
        {"up_ms", up_.count()},
        {"down_ms", down_.count()},
        {"unknown_ms", unknown_.count()},
        {"outages", outages_},
        {"longest_outage", nullptr},
        {"restarts", restarts()},
        {"restarts_by_cause", ordered_json::object()}};
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
    const std::string over = describe_duration(up_ + down_);
    row("Up", available ? fmt::format("{} % of {}", percent(*available), over) : "not known");
    row("Since", local_time(from_) + (complete_ ? "" : ", nothing older is remembered"));
    std::string causes;
    for (const auto& [cause, count] : restarts_)
        causes += fmt::format("{}{} {}", causes.empty() ? ": " : ", ", count, cause);
    row("Restarts", fmt::format("{}{}", restarts(), causes));
    row("Outages",
        !longest_ ? "none"
                  : fmt::format("{}, the longest {} from {}", outages_,
                                describe_duration(longest_->length), local_time(longest_->from)));
    if (unknown_.count() > 0)
        row("Unknown", fmt::format("{} before the first ExaBGP was met, not counted",
                                   describe_duration(unknown_)));
    row("Now", name_of(state_));
    return text;
}

}  // namespace exapulse::client
