// SPDX-License-Identifier: BSD-3-Clause
#include "client/events/resumption.hpp"

#include <utility>

#include <fmt/format.h>

#include "common/json_fields.hpp"
#include "common/protocol.hpp"
#include "common/units.hpp"

namespace exapulse::client {

namespace {

using nlohmann::json;

/// Whoever keeps the place of the gap still gets `event`.
json gap_before(const json& event) {
    const bool snapshot = text_field(event, "type") == name_of(EventType::State);
    json gap{{"type", name_of(EventType::Gap)}, {"dropped", nullptr}};
    for (const char* field : {"seq", "boot", "time", "state", "uuid"})
        if (const auto value = event.find(field); value != event.end()) gap[field] = *value;
    if (const auto seq = number_field(event, "seq"); seq && *seq > 0 && !snapshot)
        gap["seq"] = *seq - 1;
    return gap;
}

}  // namespace

std::string Resumption::since() const {
    if (!place_) return {};
    if (by_time_) return "since " + format_time(place_->time);
    return fmt::format("since {} {}", place_->boot, place_->seq);
}

std::optional<json> Resumption::on_event(const json& event) {
    const bool unreported =
        std::exchange(by_time_, false) && text_field(event, "type") != name_of(EventType::Gap);
    if (auto place = place_of(event)) place_ = std::move(place);
    return unreported ? std::optional(gap_before(event)) : std::nullopt;
}

bool Resumption::on_unknown_place() {
    return place_ && !std::exchange(by_time_, true);
}

}  // namespace exapulse::client
