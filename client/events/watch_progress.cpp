// SPDX-License-Identifier: BSD-3-Clause
// The ends of a watch: enough events, a failure, exapulsed stopping.
#include "client/events/watch_progress.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/json_fields.hpp"

namespace exapulse::client {

namespace {

bool is_failure(std::optional<EventType> type, const nlohmann::json& event) {
    if (type == EventType::State) return text_field(event, "state") == name_of(HealthState::Down);
    return type == EventType::Failed;
}

std::string failure_text(const nlohmann::json& event) {
    const auto cause = text_field(event, "cause");
    return (cause ? fmt::format("ExaBGP has failed ({})", *cause) : "ExaBGP is down") +
           ", see exapulse status";
}

}  // namespace

bool WatchProgress::asked_for(EventType type) const {
    const auto& types = options_.types;
    return types.empty() || std::find(types.begin(), types.end(), type) != types.end();
}

std::string WatchProgress::request(const std::string& since) const {
    std::string line = "sidecar subscribe";
    if (!since.empty()) line.append(" ").append(since);
    for (const EventType type : options_.types) line.append(" ").append(name_of(type));
    if (options_.follows_exabgp())  // whether ExaBGP answers, and which one
        for (const EventType type :
             {EventType::Connected, EventType::Disconnected, EventType::Reconnected,
              EventType::Degraded, EventType::Failed, EventType::Recovered})
            line.append(" ").append(name_of(type));
    else if (options_.outlasts_exapulsed && asked_for(EventType::Restarted) &&
             !asked_for(EventType::Connected))  // with which one to compare
        line.append(" ").append(name_of(EventType::Connected));
    const bool needs_failed =
        !options_.follows_exabgp() && options_.exit_on_failure && !asked_for(EventType::Failed);
    if (needs_failed) line.append(" ").append(name_of(EventType::Failed));
    return line;
}

WatchProgress::Step WatchProgress::on_event(const nlohmann::json& event) {
    const auto name = text_field(event, "type");
    const auto type = name ? parse_event_type(*name) : std::nullopt;
    const bool opening = type == EventType::State;
    opened_ = opened_ || opening;

    // A gap in the stream must be seen even by those who did not ask for it, but does not count
    // for them; an event that this version does not know was sent because it was asked for.
    const bool asked = !type || asked_for(*type);
    Step step{.show = opening || asked || type == EventType::Lagged || type == EventType::Gap};
    if (asked && !opening) ++counted_;
    step.happened = asked && !opening && type != EventType::Peers;

    if (options_.exit_on_failure && opened_ && is_failure(type, event)) {
        step.end = ExitCode::NotSent;
        step.reason = failure_text(event);
    } else if (options_.count && !(options_.cursor && options_.exec) &&
               counted_ >= *options_.count) {
        step.end = ExitCode::Done;
    } else if (type == EventType::Stopping && opened_ && !options_.outlasts_exapulsed) {
        step.end = ExitCode::Unreachable;
        step.reason =
            "exapulsed is stopping, there will be no more events; watch again when it is "
            "back (systemctl status 'exapulsed*')";
    }
    return step;
}

}  // namespace exapulse::client
