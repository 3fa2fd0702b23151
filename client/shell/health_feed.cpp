// SPDX-License-Identifier: BSD-3-Clause
#include "client/shell/health_feed.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "client/view/event_text.hpp"
#include "client/view/time_text.hpp"
#include "common/json_fields.hpp"
#include "common/units.hpp"

namespace exapulse::client {

namespace {

using nlohmann::json;

std::optional<EventType> type_of(const json& event) {
    const auto name = text_field(event, "type");
    return name ? parse_event_type(*name) : std::nullopt;
}

constexpr const char* same_process = ", ExaBGP is the same process";

}  // namespace

void HealthFeed::remember(const json& event) {
    if (const auto state = health_field(event)) state_ = state;
    if (const auto dialect = text_field(event, "dialect")) dialect_ = *dialect;
    const auto uuid = text_field(event, "uuid");
    if (!uuid || *uuid == uuid_) return;
    uuid_ = *uuid;
    ++generation_;
}

HealthFeed::Step HealthFeed::on_event(const json& event, WallTime now) {
    const auto type = type_of(event);
    stopping_ = type == EventType::Stopping;
    // exapulsed reports a restart from before its own as an event; that event may come after the
    // snapshot that showed it.
    const auto finding = finder_.on_event(event);
    Step step;
    if (!finding.repeated) step = {text_of(event, now), type == EventType::Failed};
    if (finding.restarted) {
        if (!step.text.empty()) step.text += '\n';
        step.text += event_text(*finding.restarted, style_);
    }
    remember(event);
    return step;
}

std::string HealthFeed::text_of(const json& event, WallTime now) {
    const auto type = type_of(event);
    if (lost_since_ && type == EventType::State) return attached_again(event, now);
    if (type == EventType::Peers && !std::exchange(peers_due_, false)) return {};
    const bool same = type == EventType::Connected && text_field(event, "uuid") == uuid_;
    return event_text(event, style_) + (same ? same_process : "");
}

// Nobody has seen what has become of the peers meanwhile: their state of now is shown.
std::string HealthFeed::attached_again(const json& snapshot, WallTime now) {
    using std::chrono::milliseconds;
    const auto away = std::chrono::duration_cast<milliseconds>(now - *lost_since_);
    lost_since_.reset();
    ++generation_;
    const auto peers = snapshot.find("peers");
    const bool peers_known = peers != snapshot.end() && peers->is_array();
    peers_due_ = !peers_known;
    const auto uuid = text_field(snapshot, "uuid");
    const auto state = health_field(snapshot);
    const bool answers = state == HealthState::Up || state == HealthState::Degraded;
    const bool same = answers && uuid && *uuid == uuid_;
    std::string text =
        fmt::format("{} {} Attached to exapulsed again after {}{}",
                    style_.paint(Colour::Dim, local_time(now)), style_.mark(Mark::Good),
                    describe_duration(std::max(away, milliseconds(0))), same ? same_process : "");
    if (state != HealthState::Up) text += '\n' + event_text(snapshot, style_);
    if (peers_known)
        text += '\n' + event_text(json{{"type", name_of(EventType::Peers)},
                                       {"time", format_time(now)},
                                       {"peers", *peers}},
                                  style_);
    return text;
}

std::string HealthFeed::on_lost(WallTime now) {
    lost_since_ = now;
    state_.reset();
    const std::string_view what =
        stopping_ ? "exapulsed has stopped"
                  : "exapulsed closed the connection, it stopped or disconnected this client";
    return fmt::format("{} {} {}: no events until the shell attaches again",
                       style_.paint(Colour::Dim, local_time(now)), style_.mark(Mark::Bad), what);
}

std::optional<HealthState> HealthFeed::state() const {
    return attached() ? state_ : std::nullopt;
}

}  // namespace exapulse::client
