// SPDX-License-Identifier: BSD-3-Clause
#include "client/reports/check_report.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "client/view/peers_count.hpp"
#include "client/view/time_text.hpp"
#include "common/json_fields.hpp"
#include "common/protocol.hpp"

namespace exapulse::client {

namespace {

using nlohmann::json;
using std::chrono::milliseconds;
using Time = std::chrono::system_clock::time_point;

bool is(const json& status, HealthState state) {
    return text_field(status, "state") == name_of(state);
}

/// An exapulsed that is older does not say it.
bool takes_commands(const json& status) {
    return flag_field(status, "ready").value_or(true);
}

bool is_contended(const json& status) {
    return !object_field(status, "contended").empty();
}

PluginState state_of(const json& status) {
    if (is(status, HealthState::Up))
        return is_contended(status) || !takes_commands(status) ? PluginState::Warning
                                                               : PluginState::Ok;
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

// As many as fit a line of a monitoring screen.
constexpr std::size_t most_named = 10;

/// "192.0.2.1 (active), 192.0.2.2 (idle) and 3 more"
std::string names_of(const std::vector<const json*>& down) {
    std::string text;
    for (std::size_t i = 0; i < std::min(down.size(), most_named); ++i)
        text += fmt::format("{}{} ({})", i == 0 ? "" : ", ",
                            text_field(*down[i], "address").value_or("?"),
                            text_field(*down[i], "state").value_or("?"));
    if (down.size() > most_named) text += fmt::format(" and {} more", down.size() - most_named);
    return text;
}

/// What the peers add to a check.
struct PeersFinding {
    PluginState state = PluginState::Ok;
    std::string text, data;
};

PeersFinding judge(const PeersSeen& seen, const WantedPeers& wanted) {
    if (!seen.problem.empty())
        return {PluginState::Unknown, ", its peers are not known: " + seen.problem, ""};
    std::vector<const json*> down;
    for (const json& peer : seen.peers)
        if (text_field(peer, "state") != peer_established) down.push_back(&peer);
    const std::size_t all = seen.peers.size();
    const std::size_t up = all - down.size();
    const std::uint64_t least = wanted.count.value_or(all);
    PeersFinding finding;
    if (up == 0)
        finding.state = PluginState::Critical;
    else if (up < least)
        finding.state = PluginState::Warning;
    finding.text = fmt::format(", {}", peers_count(seen.peers));
    if (finding.state != PluginState::Ok && wanted.count)
        finding.text += fmt::format(" where {} should be (--peers)", least);
    if (!down.empty()) finding.text += ", not established: " + names_of(down);
    // "N:" is the range in which it is well.
    finding.data = fmt::format(" peers={};{}:;1:;0;{}", up, std::max<std::uint64_t>(least, 1), all);
    return finding;
}

/// Critical counts most, and what is not known least.
PluginState worse(PluginState a, PluginState b) {
    for (const PluginState state :
         {PluginState::Critical, PluginState::Warning, PluginState::Unknown})
        if (a == state || b == state) return state;
    return PluginState::Ok;
}

std::string line_of(PluginState state, std::string_view text, std::string_view data) {
    // "|" ends the text, and the rest is data.
    std::string clean(text);
    std::replace(clean.begin(), clean.end(), '|', '/');
    return fmt::format("EXABGP {}: {}{}{}", name_of(state), clean, data.empty() ? "" : " |", data);
}

}  // namespace

Readiness readiness_of(const json& status) {
    if (is(status, HealthState::Up))
        return takes_commands(status) ? Readiness::Up : Readiness::Degraded;
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
    if (is(status, HealthState::Up) && !takes_commands(status)) text += ", commands wait";
    if (!(is(status, HealthState::Up) && takes_commands(status)) && detail) text += ", " + *detail;
    if (is_contended(status))
        text += fmt::format(
            ", contended: {} writes into ExaBGP's pipe",
            text_field(object_field(status, "contended"), "by").value_or("another program"));
    return text;
}

bool needs_peers(const json& status, const CheckOptions& options) {
    return options.peers && is(status, HealthState::Up);
}

PluginResult check_status(const json& status, const CheckOptions& options, Time now,
                          const std::optional<PeersSeen>& peers) {
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
    std::string data = performance(status, options, now);
    if (peers && options.peers) {
        const PeersFinding finding = judge(*peers, *options.peers);
        state = worse(state, finding.state);
        text += finding.text;
        data += finding.data;
    }
    return {state, line_of(state, text, data)};
}

PluginResult check_failed(PluginState state, std::string_view why) {
    return {state, line_of(state, why, "")};
}

}  // namespace exapulse::client
