// SPDX-License-Identifier: BSD-3-Clause
#include "client/reports/check_report.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "client/view/json_fields.hpp"
#include "client/view/time_text.hpp"
#include "common/protocol.hpp"

namespace exapulse::client {

namespace {

using nlohmann::json;
using std::chrono::milliseconds;
using Time = std::chrono::system_clock::time_point;

bool is(const json& status, HealthState state) {
    return text_field(status, "state") == name_of(state);
}

PluginState state_of(const json& status) {
    if (is(status, HealthState::Up)) return PluginState::Ok;
    if (is(status, HealthState::Degraded) || is(status, HealthState::Connecting))
        return PluginState::Warning;
    if (is(status, HealthState::Down)) return PluginState::Critical;
    return PluginState::Unknown;
}

std::string_view name_of(PluginState state) {
    constexpr std::array<std::string_view, 4> names{"OK", "WARNING", "CRITICAL", "UNKNOWN"};
    return names[static_cast<std::size_t>(state)];
}

bool exceeds(std::optional<double> latency, std::optional<milliseconds> limit) {
    return latency && limit && *latency > static_cast<double>(limit->count());
}

/// A number of seconds, "" for none.
std::string seconds(std::optional<milliseconds> time) {
    return time ? fmt::format("{}", static_cast<double>(time->count()) / 1000) : "";
}

// 'label'=value[UOM];[warn];[crit];[min];[max], a value that is not known is left out.
std::string performance(const json& status, const CheckOptions& options, Time now) {
    std::string data;
    const auto latency = real_field(status, "latency_ms");
    if (latency)
        data += fmt::format(" latency={:.6f}s;{};{};0", *latency / 1000, seconds(options.warning),
                            seconds(options.critical));
    if (const auto last = time_field(status, "last_pong")) {
        const auto age = std::chrono::duration_cast<milliseconds>(now - *last);
        data += fmt::format(" age={:.3f}s;;;0",
                            static_cast<double>(std::max(age, milliseconds(0)).count()) / 1000);
    }
    if (const auto clients = number_field(status, "clients"))
        data += fmt::format(" clients={};;;0", *clients);
    const auto missed = number_field(status, "missed");
    const auto of = number_field(status, "of");
    if (missed && of) data += fmt::format(" missed={};0;{};0", *missed, *of - 1);
    return data;
}

std::string line_of(PluginState state, std::string_view text, std::string_view data) {
    // "|" ends the text, and the rest is data.
    std::string clean(text);
    std::replace(clean.begin(), clean.end(), '|', '/');
    return fmt::format("EXABGP {}: {}{}{}", name_of(state), clean, data.empty() ? "" : " |", data);
}

}  // namespace

Readiness readiness_of(const json& status) {
    if (is(status, HealthState::Up)) return Readiness::Up;
    if (is(status, HealthState::Degraded)) return Readiness::Degraded;
    return Readiness::Down;
}

std::string health_in_words(const json& status, Time now) {
    std::string text = fmt::format("{} since {}", text_field(status, "state").value_or("unknown"),
                                   since_text(time_field(status, "since"), now));
    const auto missed = number_field(status, "missed");
    const auto of = number_field(status, "of");
    if (is(status, HealthState::Degraded) && missed && of)
        text += fmt::format(", {} of {} pings missed", *missed, *of);
    const auto latency = real_field(status, "latency_ms");
    if (is(status, HealthState::Up) && latency)
        text += fmt::format(", the last pong took {:.2f}ms", *latency);
    const auto detail = text_field(object_field(status, "upstream"), "detail");
    if (!is(status, HealthState::Up) && detail) text += ", " + *detail;
    return text;
}

PluginResult check_status(const json& status, const CheckOptions& options, Time now) {
    const auto latency = real_field(status, "latency_ms");
    PluginState state = state_of(status);
    std::string text = health_in_words(status, now);
    const bool answers = state == PluginState::Ok || is(status, HealthState::Degraded);
    if (answers && exceeds(latency, options.critical)) {
        state = PluginState::Critical;
        text += fmt::format(", over {}s (--critical)", seconds(options.critical));
    } else if (state == PluginState::Ok && exceeds(latency, options.warning)) {
        state = PluginState::Warning;
        text += fmt::format(", over {}s (--warning)", seconds(options.warning));
    }
    return {state, line_of(state, text, performance(status, options, now))};
}

PluginResult check_failed(PluginState state, std::string_view why) {
    return {state, line_of(state, why, "")};
}

}  // namespace exapulse::client
