// SPDX-License-Identifier: BSD-3-Clause
#include "client/reports/peers_uptime.hpp"

#include <cassert>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "client/view/percentage.hpp"
#include "client/view/table.hpp"
#include "client/view/time_text.hpp"
#include "common/json_fields.hpp"
#include "common/units.hpp"

namespace exapulse::client {

namespace {

using nlohmann::json;
using std::chrono::milliseconds;

std::string duration_of(const json& peer, const char* key) {
    const auto time = number_field(peer, key);
    return time ? describe_duration(milliseconds(*time)) : "-";
}

std::string availability_of(const json& peer) {
    const auto available = real_field(peer, "availability");
    return available ? percentage(*available) + " %" : "not known";
}

/// "3, 1 by a restart of ExaBGP"
std::string outages_of(const json& peer) {
    const auto outages = number_field(peer, "outages").value_or(0);
    const auto restarts =
        number_field(object_field(peer, "outages_by_cause"), "restart").value_or(0);
    if (outages == 0) return "none";
    return restarts == 0 ? fmt::to_string(outages)
                         : fmt::format("{}, {} by a restart of ExaBGP", outages, restarts);
}

std::string longest_of(const json& peer) {
    const json longest = object_field(peer, "longest_outage");
    const auto from = time_field(longest, "from");
    if (!from) return "-";
    return fmt::format("{} from {}", duration_of(longest, "ms"), local_time(*from));
}

std::string about_one(const json& header, const json& peer, const Style& style) {
    std::string text;
    const auto row = [&](std::string_view label, std::string_view value) {
        text += fmt::format("{}{}{}", text.empty() ? "" : "\n",
                            style.paint(Colour::Dim, fmt::format("{:<11}", label)), value);
    };
    row("Peer", text_field(peer, "peer").value_or("?"));
    const auto up = number_field(peer, "up_ms").value_or(0);
    const auto down = number_field(peer, "down_ms").value_or(0);
    row("Up",
        fmt::format("{} of {}", availability_of(peer), describe_duration(milliseconds(up + down))));
    if (down > 0) row("Not up", duration_of(peer, "down_ms"));
    if (const auto from = time_field(header, "from"))
        row("Since", local_time(*from) + (flag_field(header, "complete").value_or(true)
                                              ? ""
                                              : ", nothing older is remembered"));
    row("Outages", outages_of(peer));
    if (number_field(peer, "outages").value_or(0) > 0) {
        row("Longest", longest_of(peer));
        row("Mean", fmt::format("{} up between outages (MTBF), {} an outage (MTTR)",
                                duration_of(peer, "mtbf_ms"), duration_of(peer, "mttr_ms")));
    }
    if (number_field(peer, "unknown_ms").value_or(0) > 0)
        row("Unknown", duration_of(peer, "unknown_ms") +
                           " while ExaBGP was not asked for its peers, not counted");
    const auto since = time_field(peer, "since");
    row("Now", text_field(peer, "state").value_or("unknown") +
                   (since ? ", since " + local_time(*since) : ""));
    return text;
}

}  // namespace

std::string peers_uptime_text(const json& header, const std::vector<json>& peers,
                              const Style& style) {
    assert(!peers.empty());
    if (peers.size() == 1) return about_one(header, peers.front(), style);
    Table table({"Peer", "Now", "Up", "Of", "Not up", "Outages", "Restarts", "MTBF", "MTTR"});
    for (const json& peer : peers) {
        const milliseconds known(number_field(peer, "up_ms").value_or(0) +
                                 number_field(peer, "down_ms").value_or(0));
        table.add({text_field(peer, "peer").value_or("?"),
                   text_field(peer, "state").value_or("unknown"), availability_of(peer),
                   describe_duration(known), duration_of(peer, "down_ms"),
                   number_or_dash(peer, "outages"),
                   number_or_dash(object_field(peer, "outages_by_cause"), "restart"),
                   duration_of(peer, "mtbf_ms"), duration_of(peer, "mttr_ms")});
    }
    const auto from = time_field(header, "from");
    return table.text(style) +
           (from ? "\n" + style.paint(Colour::Dim, "since " + local_time(*from)) : "");
}

}  // namespace exapulse::client
