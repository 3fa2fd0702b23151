// SPDX-License-Identifier: BSD-3-Clause
#include "client/events/restart_finder.hpp"

#include <utility>

#include "common/json_fields.hpp"
#include "common/protocol.hpp"

namespace exapulse::client {

namespace {

using nlohmann::json;

/// Where 4.2 and 5.0 are asked, another UUID may only mean that nothing was proven.
bool uuid_is_proof(const json& event) {
    const auto method = text_field(object_field(event, "identity"), "method");
    return method.value_or("ping") == "ping";
}

json found_in(const json& event, const std::string& uuid, const std::string& previous,
              bool after_gap) {
    json found{{"type", name_of(EventType::Restarted)},
               {"uuid", uuid},
               {"previous", previous.empty() ? json(nullptr) : json(previous)},
               {"proven", !previous.empty() && uuid_is_proof(event)},
               {"away_ms", nullptr},
               {"cause", nullptr},
               {"found", after_gap ? "after-gap" : "on-attach"}};
    for (const char* field : {"seq", "boot", "time", "state"})
        if (const auto value = event.find(field); value != event.end()) found[field] = *value;
    return found;
}

}  // namespace

RestartFinder::Finding RestartFinder::on_event(const json& event) {
    const auto state = health_field(event);
    // The UUID of one that does not answer is what exapulsed remembers, which may be older.
    if (state != HealthState::Up && state != HealthState::Degraded) return {};
    const auto uuid = text_field(event, "uuid");
    if (!uuid || uuid->empty()) return {};
    const auto type = parse_event_type(text_field(event, "type").value_or(""));
    if (*uuid == known_) return {.repeated = type == EventType::Restarted};

    const std::string previous = std::exchange(known_, *uuid);
    if (type == EventType::Restarted) return {};
    if (previous.empty() && at_first_ == AtFirst::AnyIsKnown) return {};
    const bool after_gap = type == EventType::Lagged || type == EventType::Gap;
    return {.restarted = found_in(event, *uuid, previous, after_gap)};
}

}  // namespace exapulse::client
