// SPDX-License-Identifier: BSD-3-Clause
// The part of PipesCommands that is about routes and peers: announce, withdraw, show, clear.
#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <string>

#include <fmt/format.h>

#include "common/words.hpp"
#include "tests/support/pipes_simulator/pipes_commands.hpp"
#include "tests/support/simulator/neighbor_selector.hpp"

namespace exapulse::test {

namespace {

constexpr std::string_view peer_name = SimulatedRib::peer_name;
constexpr std::string_view summary_header =
    "Peer            AS        up/down state       |     #sent     #recvd";
constexpr std::string_view routes_summary_row =
    "127.0.0.1       65001        down idle                  0          0";
constexpr std::string_view peer_json =
    R"([{"state": "down", "duration": 0, "fsm": "IDLE", )"
    R"("local": {"address": "127.0.0.1", "as": 65000, "id": "10.0.0.9", "hold": 180}, )"
    R"("peer": {"address": "127.0.0.1", "as": 65001, "id": null, "hold": null}}])";

/// Empty lines included, shorter than the real ones.
const std::vector<std::string> extensive_lines{
    "Neighbor 127.0.0.1",
    "",
    "   local                      127.0.0.1                                ",
    "   state                           IDLE                                ",
    "   down for                     0:00:00                                ",
    ""};
const std::vector<std::string> configuration_lines{"neighbor 127.0.0.1 {",
                                                   "  router-id 10.0.0.9;",
                                                   "  local-address 127.0.0.1;",
                                                   "  local-as 65000;",
                                                   "  peer-as 65001;",
                                                   "",
                                                   "  passive true;",
                                                   "  capability {",
                                                   "    multi-session disable;",
                                                   "  }",
                                                   "}"};

template <typename Range>
bool contains(const Range& list, std::string_view word) {
    return std::find(list.begin(), list.end(), word) != list.end();
}

bool take_out(std::vector<std::string_view>& list, std::string_view word) {
    const auto found = std::find(list.begin(), list.end(), word);
    if (found == list.end()) return false;
    list.erase(found);
    return true;
}

/// What looks like an address to 4.2, and is none for the system.
bool misleads(std::string_view text) {
    in6_addr address;
    const std::string copy(text);
    return text.find_first_of(".:") != text.npos &&
           inet_pton(AF_INET, copy.c_str(), &address) != 1 &&
           inet_pton(AF_INET6, copy.c_str(), &address) != 1;
}

std::string_view word_after(std::span<const std::string_view> list, std::string_view word) {
    const auto found = std::find(list.begin(), list.end(), word);
    return found == list.end() || found + 1 == list.end() ? "" : found[1];
}

/// Whether 4.2 stumbles over a value of `announce route ...` or `withdraw route ...`, and then
/// answers nothing: what its parser does not expect to fail.
bool kills_handler(std::span<const std::string_view> route) {
    if (route.size() < 3) return false;
    return misleads(route[2].substr(0, route[2].find('/'))) ||
           misleads(word_after(route, "next-hop")) || word_after(route, "split") == "/40";
}

}  // namespace

PipesCommands::Taken PipesCommands::change_route(std::string_view line) {
    return queued([this, line = std::string(line)] {
        const auto selector = NeighborSelector::extract(line);
        if (!selector.matches(peer_name, is_50())) return error();
        const auto all = words(selector.command);
        // Found in the middle of a line, its start is no action. How to answer is ExaBGP 6's to
        // say.
        constexpr std::array<std::string_view, 4> unknown{"sync", "async", "json", "text"};
        const auto is_unknown = [&](auto word) { return contains(unknown, word); };
        if ((all.front() != "announce" && all.front() != "withdraw") ||
            std::any_of(all.begin(), all.end(), is_unknown))
            return error();
        if (kills_handler(all)) return is_50() ? error() : Reaction{};
        return rib_.change(all.front(), Words(all).subspan(1)).ok ? done() : error();
    });
}

PipesCommands::Taken PipesCommands::change_other(std::string_view line) {
    return queued([this, line = std::string(line)] {
        const auto selector = NeighborSelector::extract(line);
        const bool complete = words(selector.command).size() > 2;
        return complete && selector.matches(peer_name, is_50()) ? done() : error();
    });
}

PipesCommands::Taken PipesCommands::watchdog(std::string_view) {
    return queued([this] { return done(); });
}

PipesCommands::Taken PipesCommands::operational(std::string_view line) {
    constexpr std::array<std::string_view, 8> kinds{"asm",  "adm",  "rpcq", "rpcp",
                                                    "apcq", "apcp", "lpcq", "lpcp"};
    const auto all = words(line);
    if (all.size() < 3 || !contains(kinds, all[2])) return at_once(done());
    // 4.2 stumbles in the middle of it.
    return queued([this] { return is_50() ? done() : Reaction{}; });
}

PipesCommands::Taken PipesCommands::needs_session(std::string_view) {
    return at_once(error());
}

PipesCommands::Taken PipesCommands::show_neighbor(std::string_view line) {
    auto all = words(line);
    const bool summary = take_out(all, "summary"), extensive = take_out(all, "extensive"),
               configuration = take_out(all, "configuration");
    const bool json = is_50() && take_out(all, "json");
    if (is_50()) take_out(all, "text");
    const std::string_view limit = all.back() == "neighbor" ? "" : all.back();
    const bool named = peer_name.find(limit) != peer_name.npos;
    if (json) return queued([this] { return done({std::string(peer_json)}); });
    if (summary) {
        std::vector<std::string> lines{std::string(summary_header)};
        // 4.2 leaves out peers that are down.
        if (is_50() && (limit.empty() || limit == SimulatedRib::peer))
            lines.emplace_back(routes_summary_row);
        return queued([this, lines] { return done(lines); });
    }
    if (extensive) return queued([this, named] { return named ? done(extensive_lines) : done(); });
    if (configuration)
        return queued([this, named] { return named ? done(configuration_lines) : done(); });
    return at_once(done({"please specify summary, extensive or configuration",
                         "you can filter by peer ip address adding it after the word neighbor"}));
}

std::string PipesCommands::shown_route(const SimulatedRib::Route& route, bool extensive,
                                       bool json) const {
    if (json)
        return fmt::format(R"({{"{}": {{"routes": [{{"prefix": "{}", "family": "{}"}}]}}}})",
                           SimulatedRib::peer, route.prefix, route.family);
    const bool resolved = is_50() && route.next_hop == "self";
    const std::string short_name =
        fmt::format("{}{}", is_50() ? "" : "neighbor ", SimulatedRib::peer);
    return fmt::format("{} {} {} next-hop {}", extensive ? peer_name : short_name, route.family,
                       route.prefix, resolved ? SimulatedRib::peer : route.next_hop);
}

PipesCommands::Taken PipesCommands::show_adj_rib(std::string_view line) {
    auto all = words(line);
    // Only without anything before it: the words are counted.
    if (all.size() < 3 || (all[2] != "in" && all[2] != "out")) return at_once(error());
    const bool out = all[2] == "out", extensive = line.ends_with(" extensive"),
               unicast = !contains(all, "flow") && !contains(all, "l2vpn");
    const bool json = is_50() && take_out(all, "json");
    for (const auto word : {"show", "adj-rib", "in", "out", "extensive"}) take_out(all, word);
    constexpr std::array<std::string_view, 6> kinds{"routes", "extensive", "static",
                                                    "flow",   "l2vpn",     "inet"};
    const std::string_view last = all.empty() ? "" : all.front();
    const bool kind = contains(kinds, last) && (is_50() || last != "inet");
    const bool named = peer_name.find(fmt::format("neighbor {}", last)) != peer_name.npos;
    const bool shown = out && unicast && (kind || named);
    return queued([this, shown, extensive, json] {
        auto routes = shown ? rib_.routes() : std::vector<SimulatedRib::Route>{};
        std::stable_sort(routes.begin(), routes.end(),
                         [](const auto& a, const auto& b) { return a.family < b.family; });
        std::vector<std::string> lines;
        for (const auto& route : routes) lines.push_back(shown_route(route, extensive, json));
        return done(lines);
    });
}

PipesCommands::Taken PipesCommands::no_peer_matches() const {
    Reaction death;
    death.then = Reaction::Then::Crash;
    return at_once(is_50() ? error() : death);
}

PipesCommands::Taken PipesCommands::flush_adj_rib(std::string_view) {
    return no_peer_matches();  // it takes established ones
}

PipesCommands::Taken PipesCommands::clear_adj_rib(std::string_view line) {
    if (!NeighborSelector::extract(line).matches(peer_name, is_50())) return no_peer_matches();
    const auto all = words(line);
    const bool in = contains(all, "in") || contains(all, "adj-rib-in");
    return queued([this, in] {
        if (!in) rib_.clear();
        return done();
    });
}

}  // namespace exapulse::test
