// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/exabgp/peer_answer.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "common/number.hpp"
#include "common/words.hpp"
#include "daemon/exabgp/peer_json.hpp"

namespace exapulse {

namespace {

using std::chrono::seconds;
using Peers = std::vector<Peer>;

/// Longer rows of a summary, or lines of a configuration, are not parsed.
constexpr std::size_t longest_row = 4U << 10;

/// Removes the first line from `answer` and returns it without its LF.
std::string_view take_line(std::string_view& answer) {
    const auto end = std::min(answer.find('\n'), answer.size());
    const std::string_view line = answer.substr(0, end);
    answer.remove_prefix(std::min(end + 1, answer.size()));
    return line;
}

/// Python's timedelta: "0:01:23", "1 day, 0:01:23", "12 days, 10:00:00"; `parts` in that order.
std::optional<seconds> uptime_in(const std::vector<std::string_view>& parts) {
    if (parts.empty()) return std::nullopt;
    seconds total{0};
    if (parts.size() == 3 && parts[1].starts_with("day")) {
        const auto days = number_in<std::int32_t>(parts[0]);
        if (!days) return std::nullopt;
        total += std::chrono::hours(24) * std::int64_t{*days};
    }
    seconds clock{0};
    std::string_view rest = parts.back();
    while (!rest.empty()) {
        const auto end = std::min(rest.find(':'), rest.size());
        const auto part = number_in<std::int32_t>(rest.substr(0, end));
        if (!part || *part < 0 || clock > longest_duration) return std::nullopt;
        clock = clock * 60 + seconds(*part);
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    total += clock;
    return total >= seconds(0) && total <= longest_duration ? std::optional(total) : std::nullopt;
}

/// "127.0.0.1       65001     0:01:23 established           2          0          1", the last
/// column in 6.0 only; "down" stands for a duration.
std::optional<Peer> peer_of_row(std::string_view row, bool has_prefixes, WallTime now) {
    const auto parts = words(row);
    const std::size_t counts = has_prefixes ? 3 : 2;
    if (parts.size() < 4 + counts) return std::nullopt;
    Peer peer;
    peer.address = parts[0];
    peer.as = number_in<std::uint32_t>(parts[1]);
    const std::size_t state = parts.size() - counts - 1;
    peer.state = parts[state];
    peer.sent = number_in<std::uint64_t>(parts[state + 1]);
    peer.received = number_in<std::uint64_t>(parts[state + 2]);
    if (has_prefixes) peer.prefixes = number_in<std::uint64_t>(parts[state + 3]);
    const std::vector<std::string_view> uptime(parts.begin() + 2,
                                               parts.begin() + static_cast<std::ptrdiff_t>(state));
    if (const auto up = uptime_in(uptime)) peer.since = now - *up;
    return peer;
}

std::optional<Peers> read_summary(std::string_view answer, WallTime now) {
    const std::string_view title = take_line(answer);
    if (!title.starts_with("Peer ")) return std::nullopt;
    const bool has_prefixes = title.find("#pfx_in") != std::string_view::npos;
    Peers peers;
    while (!answer.empty()) {
        const std::string_view row = take_line(answer);
        if (row.size() > longest_row || peers.size() == most_peers) return std::nullopt;
        if (words(row).empty()) continue;
        auto peer = peer_of_row(row, has_prefixes, now);
        if (!peer) return std::nullopt;
        peers.push_back(std::move(*peer));
    }
    return peers;
}

std::string_view without_semicolon(std::string_view word) {
    return word.substr(0, word.find(';'));
}

/// Builds the name that 6.0 gives a peer. What the configuration leaves open is omitted, so that no
/// selector matches it.
void add_to_name(Peer& peer, std::string_view key, std::string_view value) {
    if (value != "auto" && value != "None") peer.name += fmt::format(" {} {}", key, value);
}

/// "neighbor 127.0.0.2 {", then lines such as "peer-as 65002;".
std::optional<Peers> read_configuration(std::string_view answer) {
    Peers peers;
    while (!answer.empty()) {
        const auto parts = words(take_line(answer).substr(0, longest_row));
        if (parts.size() < 2) continue;
        const std::string_view value = without_semicolon(parts[1]);
        if (parts[0] == "neighbor") {
            if (peers.size() == most_peers) return std::nullopt;
            Peer peer;
            peer.address = value;
            peer.name = fmt::format("neighbor {}", value);
            peer.state = "down";
            peers.push_back(std::move(peer));
        }
        if (peers.empty()) continue;
        Peer& peer = peers.back();
        if (parts[0] == "router-id") add_to_name(peer, "router-id", value);
        if (parts[0] == "peer-as") {
            peer.as = number_in<std::uint32_t>(value);
            add_to_name(peer, "peer-as", value);
        }
        if (parts[0] == "local-as") {
            peer.local_as = number_in<std::uint32_t>(value);
            add_to_name(peer, "local-as", value);
        }
        if (parts[0] == "local-address") {
            if (value != "auto") peer.local_address = value;
            add_to_name(peer, "local-ip", value);
        }
        // If enabled, the families are in the name, in an order not given by the configuration.
        if (parts[0] == "multi-session" && value.starts_with("disable"))
            add_to_name(peer, "family-allowed", "in-open");
    }
    return peers;
}

std::optional<Peers> read_form(PeerAnswer form, std::string_view answer, WallTime now) {
    switch (form) {
        case PeerAnswer::Status:
            return read_status(answer);
        case PeerAnswer::Detail:
            return read_detail(answer, now);
        case PeerAnswer::Summary:
            return read_summary(answer, now);
        case PeerAnswer::Configuration:
            return read_configuration(answer);
    }
    return std::nullopt;
}

}  // namespace

std::optional<std::vector<Peer>> read_peers(PeerAnswer form, std::string_view answer,
                                            WallTime now) {
    auto peers = read_form(form, answer, now);
    if (!peers || !std::all_of(peers->begin(), peers->end(), is_plausible)) return std::nullopt;
    return peers;
}

}  // namespace exapulse
