// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/exabgp/peer_answer.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/words.hpp"

namespace exapulse {

namespace {

using nlohmann::json;
using std::chrono::seconds;
using Peers = std::vector<Peer>;

// A longer one is no time that a clock can tell.
constexpr seconds longest_duration = std::chrono::hours(50L * 365 * 24);

template <typename Number>
std::optional<Number> number_in(std::string_view text) {
    Number number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

std::string lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return out;
}

std::vector<std::string_view> lines_of(std::string_view answer) {
    std::vector<std::string_view> lines;
    while (!answer.empty()) {
        const auto end = std::min(answer.find('\n'), answer.size());
        lines.push_back(answer.substr(0, end));
        answer.remove_prefix(std::min(end + 1, answer.size()));
    }
    return lines;
}

/// "neighbor 10.0.0.2 local-ip 10.0.0.1 local-as 65001 peer-as 65002 router-id ..."
Peer peer_of_name(const std::string& name) {
    Peer peer;
    peer.name = name;
    const auto parts = words(name);
    for (std::size_t i = 0; i + 1 < parts.size(); i += 2) {
        if (parts[i] == "neighbor") peer.address = parts[i + 1];
        if (parts[i] == "local-ip" && parts[i + 1] != "auto") peer.local_address = parts[i + 1];
        if (parts[i] == "local-as") peer.local_as = number_in<std::uint32_t>(parts[i + 1]);
        if (parts[i] == "peer-as") peer.as = number_in<std::uint32_t>(parts[i + 1]);
    }
    return peer;
}

std::optional<Peers> read_status(std::string_view answer) {
    const auto status = nlohmann::ordered_json::parse(answer, nullptr, false);
    if (!status.is_object() || !status.contains("peers") || !status["peers"].is_object())
        return std::nullopt;
    Peers peers;
    for (const auto& [name, state] : status["peers"].items()) {
        if (!state.is_string()) return std::nullopt;
        Peer peer = peer_of_name(name);
        if (peer.address.empty()) return std::nullopt;
        peer.state = lower(state.get_ref<const std::string&>());
        peers.push_back(std::move(peer));
    }
    return peers;
}

/// Null where there is none.
json field_in(const json& object, const char* key) {
    if (!object.is_object()) return nullptr;
    const auto found = object.find(key);
    return found == object.end() ? json() : *found;
}

std::string text_in(const json& object, const char* key) {
    const json field = field_in(object, key);
    return field.is_string() ? field.get<std::string>() : "";
}

std::optional<std::uint64_t> count_in(const json& object, const char* key) {
    const json field = field_in(object, key);
    if (!field.is_number_unsigned()) return std::nullopt;
    return field.get<std::uint64_t>();
}

std::optional<Peers> read_detail(std::string_view answer, WallTime now) {
    const json list = json::parse(answer, nullptr, false);
    if (!list.is_array()) return std::nullopt;
    Peers peers;
    for (const json& entry : list) {
        if (!entry.is_object()) return std::nullopt;
        Peer peer;
        peer.address = text_in(field_in(entry, "peer"), "address");
        peer.state = lower(text_in(entry, "fsm"));
        if (peer.address.empty() || peer.state.empty()) continue;  // not connected yet
        const json messages = field_in(entry, "messages");
        peer.sent = count_in(field_in(messages, "sent"), "update");
        peer.received = count_in(field_in(messages, "received"), "update");
        peer.prefixes = count_in(field_in(entry, "prefixes"), "received");
        // That of a peer that is down counts from nowhere (6.0 says 0).
        const auto duration = count_in(entry, "duration");
        if (duration && *duration <= std::uint64_t{longest_duration.count()} &&
            text_in(entry, "state") == "up")
            peer.since = now - seconds(static_cast<std::int64_t>(*duration));
        peers.push_back(std::move(peer));
    }
    return peers;
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
    const auto lines = lines_of(answer);
    if (lines.empty() || !lines[0].starts_with("Peer ")) return std::nullopt;
    const bool has_prefixes = lines[0].find("#pfx_in") != std::string_view::npos;
    Peers peers;
    for (auto line = lines.begin() + 1; line != lines.end(); ++line) {
        if (words(*line).empty()) continue;
        auto peer = peer_of_row(*line, has_prefixes, now);
        if (!peer) return std::nullopt;
        peers.push_back(std::move(*peer));
    }
    return peers;
}

std::string_view without_semicolon(std::string_view word) {
    return word.substr(0, word.find(';'));
}

/// ExaBGP's name of a peer, as 6.0 tells it. What the configuration leaves open is left out, so
/// that no selector matches it.
void add_to_name(Peer& peer, std::string_view key, std::string_view value) {
    if (value != "auto" && value != "None") peer.name += fmt::format(" {} {}", key, value);
}

/// "neighbor 127.0.0.2 {", then lines such as "peer-as 65002;".
std::optional<Peers> read_configuration(std::string_view answer) {
    Peers peers;
    for (const std::string_view line : lines_of(answer)) {
        const auto parts = words(line);
        if (parts.size() < 2) continue;
        const std::string_view value = without_semicolon(parts[1]);
        if (parts[0] == "neighbor") {
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
        // With it, the families are in the name, in an order that the configuration does not tell.
        if (parts[0] == "multi-session" && value.starts_with("disable"))
            add_to_name(peer, "family-allowed", "in-open");
    }
    return peers;
}

}  // namespace

std::optional<Peers> read_peers(PeerAnswer form, std::string_view answer, WallTime now) {
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

}  // namespace exapulse
