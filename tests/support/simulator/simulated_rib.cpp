// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/simulator/simulated_rib.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <charconv>
#include <optional>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "common/words.hpp"

namespace exapulse::test {

namespace {

constexpr std::array<std::string_view, 6> accepted_types{"route-refresh", "flow", "watchdog",
                                                         "operational",   "vpls", "eor"};
/// Words that say how a command is answered; no part of the route.
constexpr std::array<std::string_view, 4> mode_words{"sync", "async", "json", "text"};

bool contains(std::span<const std::string_view> list, std::string_view word) {
    return std::find(list.begin(), list.end(), word) != list.end();
}

struct Address {
    int family = 0;
    std::array<unsigned char, 16> bytes{};
    [[nodiscard]] unsigned bits() const { return family == AF_INET ? 32 : 128; }
};

std::optional<Address> parse_address(std::string_view text) {
    const std::string copy(text);
    for (const int family : {AF_INET, AF_INET6}) {
        Address address{family, {}};
        if (inet_pton(family, copy.c_str(), address.bytes.data()) == 1) return address;
    }
    return std::nullopt;
}

bool has_bits_behind(const Address& address, unsigned length) {
    for (unsigned bit = length; bit < address.bits(); ++bit)
        if ((address.bytes[bit / 8] >> (7 - bit % 8) & 1) != 0) return true;
    return false;
}

struct Prefix {
    std::string text, family;
};

/// ExaBGP refuses a prefix with host bits; an address alone is a host route.
std::optional<Prefix> parse_prefix(std::string_view text) {
    const auto slash = text.find('/');
    const auto address = parse_address(text.substr(0, slash));
    if (!address) return std::nullopt;
    unsigned length = address->bits();
    if (slash != std::string_view::npos) {
        const std::string_view digits = text.substr(slash + 1);
        const auto [end, error] =
            std::from_chars(digits.data(), digits.data() + digits.size(), length);
        if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
    }
    if (length > address->bits() || has_bits_behind(*address, length)) return std::nullopt;
    return Prefix{fmt::format("{}/{}", text.substr(0, slash), length),
                  address->family == AF_INET ? "ipv4 unicast" : "ipv6 unicast"};
}

}  // namespace

SimulatedRib::Outcome SimulatedRib::change(std::string_view what, Words route) {
    while (!route.empty() && contains(mode_words, route.back()))
        route = route.first(route.size() - 1);
    if (route.empty()) return {false};
    const std::string_view type = route.front();
    if (type == "route") {
        Outcome outcome = change_unicast(what, route.subspan(1));
        if (!outcome.ok && outcome.detail.empty())
            outcome.detail = fmt::format("Could not parse route: {}", fmt::join(route, " "));
        return outcome;
    }
    if (type == "ipv4" || type == "ipv6") {
        if (route.size() < 3 || route[1] != "unicast") return {false};
        return change_unicast(what, route.subspan(2));
    }
    if (type == "attribute" || type == "attributes") return change_list(what, route.subspan(1));
    if (contains(accepted_types, type)) return {};
    return {false, fmt::format("unknown {} type: {}", what, type)};
}

SimulatedRib::Outcome SimulatedRib::change_list(std::string_view what, Words list) {
    const auto nlri = std::find(list.begin(), list.end(), "nlri");
    std::vector<std::string_view> route{""};
    route.insert(route.end(), list.begin(), nlri);
    for (auto prefix = nlri; prefix != list.end(); ++prefix) {
        if (prefix == nlri) continue;
        route.front() = *prefix;
        if (Outcome outcome = change_unicast(what, route); !outcome.ok) return outcome;
    }
    return {};
}

SimulatedRib::Outcome SimulatedRib::change_unicast(std::string_view what, Words route) {
    if (route.empty()) return {false};
    const auto prefix = parse_prefix(route.front());
    if (!prefix) return {false};
    const auto found = std::find(route.begin(), route.end(), "next-hop");
    std::string next_hop;
    if (found != route.end()) {
        if (found + 1 == route.end()) return {false};
        next_hop = found[1];
        if (next_hop != "self" && !parse_address(next_hop)) return {false};
    }
    const bool announce = what == "announce";
    if (announce && next_hop.empty()) return {false, "announce requires nexthop: " + prefix->text};

    if (!announced_.contains(prefix->text)) {
        if (announce) {
            announced_.insert(prefix->text);
            routes_.push_back({prefix->family, prefix->text, next_hop});
        }
        return {};
    }
    const auto known = std::find_if(routes_.begin(), routes_.end(),
                                    [&](const Route& r) { return r.prefix == prefix->text; });
    if (announce) {
        known->next_hop = next_hop;
    } else {
        routes_.erase(known);
        announced_.erase(prefix->text);
    }
    return {};
}

SimulatedRib::GroupOutcome SimulatedRib::change_group(const std::vector<std::string>& commands) {
    GroupOutcome result;
    for (const std::string& command : commands) {
        const auto all = words(command);
        if (all.front() != "announce" && all.front() != "withdraw")
            result.errors.push_back(fmt::format("unknown action in group: {}", all.front()));
        else if (!change(all.front(), Words(all).subspan(1)).ok)
            result.errors.push_back(fmt::format("could not parse: {}", command));
        else
            ++(all.front() == "announce" ? result.announced : result.withdrawn);
    }
    return result;
}

std::vector<std::string> SimulatedRib::show(bool json) const {
    std::vector<std::string> lines;
    for (const Route& route : routes_)
        lines.push_back(
            json ? fmt::format(R"({{"{}": {{"routes": [{{"family": "{}", "prefix": "{}"}}]}}}})",
                               peer, route.family, route.prefix)
                 : fmt::format("{} {} {}", peer, route.family, route.prefix));
    return lines;
}

std::string SimulatedRib::list() const {
    std::vector<std::string> entries;
    for (const Route& route : routes_)
        entries.push_back(fmt::format(
            R"({{"index": "{:x}", "route": "{} next-hop {}", "neighbor": "neighbor {}"}})",
            fmt::join(route.prefix, ""), route.prefix, route.next_hop, peer));
    return fmt::format("[{}]", fmt::join(entries, ", "));
}

std::vector<std::string> SimulatedRib::prefixes() const {
    std::vector<std::string> result;
    for (const Route& route : routes_) result.push_back(route.prefix);
    return result;
}

}  // namespace exapulse::test
