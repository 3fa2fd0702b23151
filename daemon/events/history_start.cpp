// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/events/history_start.hpp"

#include <nlohmann/json.hpp>

#include "common/json.hpp"
#include "common/json_fields.hpp"
#include "common/units.hpp"
#include "daemon/events/event.hpp"

namespace exapulse {

void set_start_after(std::string_view line, HistoryStart& start) {
    const auto event = nlohmann::json::parse(line, nullptr, false);
    if (const auto state = health_field(event)) start.state = *state;
    if (event.is_object() && event.contains("uuid"))
        start.uuid = text_field(event, "uuid").value_or("");
    if (auto boot = text_field(event, "boot")) start.after.boot = std::move(*boot);
    if (const auto seq = number_field(event, "seq"))
        start.after.seq = static_cast<std::uint64_t>(*seq);
}

std::string format_history_start(const HistoryStart& start, WallTime now) {
    using nlohmann::ordered_json;
    ordered_json runs = ordered_json::array();
    for (const RunOfExapulsed& run : start.runs)
        runs.push_back({{"boot", run.boot},
                        {"started", format_time(run.started)},
                        {"until", format_time(run.until)}});
    return json_text(ordered_json{
        {"from", format_time(start.from)},
        {"now", format_time(now)},
        {"state", name_of(start.state)},
        {"uuid", start.uuid.empty() ? ordered_json(nullptr) : ordered_json(start.uuid)},
        {"seq", start.after.seq},
        {"boot", start.after.boot},
        {"complete", start.complete},
        {"runs", runs}});
}

std::string format_gap(const HistoryStart& start, std::uint64_t dropped) {
    Event gap;
    gap.type = EventType::Gap;
    gap.state = start.state;
    gap.uuid = start.uuid;
    gap.time = start.from;
    if (dropped > 0) gap.dropped = dropped;
    return format_event(gap, {start.after.seq, start.after.boot});
}

}  // namespace exapulse
