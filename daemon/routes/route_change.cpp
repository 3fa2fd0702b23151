// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/routes/route_change.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "common/route_text.hpp"
#include "common/words.hpp"
#include "daemon/exabgp/command_line.hpp"

namespace exapulse {

namespace {

using std::string_view;

std::string peers_of(const Request& request) {
    const auto& selector = request.selector().selector;
    if (!selector || std::any_of(selector->terms.begin(), selector->terms.end(),
                                 [](const PeerTerm& term) { return term.everyone(); }))
        return {};
    std::vector<std::string> terms;
    for (const PeerTerm& term : selector->terms) terms.push_back(term.text());
    std::sort(terms.begin(), terms.end());
    terms.erase(std::unique(terms.begin(), terms.end()), terms.end());
    return fmt::format("{}", fmt::join(terms, ","));
}

/// The text of the selector, with a blank; empty if there is none.
std::string start_of(const Request& request) {
    const auto& selector = request.selector().selector;
    return selector ? std::string(selector->text) + ' ' : std::string();
}

/// `line` without words that only say when ExaBGP is to answer.
std::string at_once(const Request& request, Words command) {
    const bool waits = is_one_of("sync", command) || is_one_of("async", command);
    if (!waits) {
        const string_view text = request.text();
        return std::string(text.substr(0, text.find_last_not_of(" \t") + 1));
    }
    std::string text = start_of(request);
    for (const string_view word : command)
        if (word != "sync" && word != "async") text.append(word).append(" ");
    text.pop_back();
    return text;
}

void add_prefixes(const Request& request, Words command, std::vector<RouteChange>& changes) {
    const auto nlri = std::find(command.begin(), command.end(), "nlri");
    const std::string start =
        fmt::format("{}{} nlri ", start_of(request), fmt::join(command.begin(), nlri, " "));
    const std::string peers = peers_of(request);
    for (ListedRoute& route : listed_routes(command.subspan(1)))
        changes.push_back({command[0] == "announce", std::move(route.nlri), peers,
                           start + std::string(route.prefix)});
}

void add_changes(const Request& request, std::vector<RouteChange>& changes);

void add_group(const Request& request, string_view commands, std::vector<RouteChange>& changes) {
    while (!commands.empty()) {
        const auto end = std::min(commands.find(';'), commands.size());
        add_changes(Request(start_of(request) + std::string(commands.substr(0, end))), changes);
        commands.remove_prefix(std::min(end + 1, commands.size()));
    }
}

void add_changes(const Request& request, std::vector<RouteChange>& changes) {
    const Words command = command_words(request);
    if (command.size() < 2) return;
    if (command[0] == "group") {
        const char* start = command[1].data();
        const auto at = static_cast<std::size_t>(start - request.text().data());
        return add_group(request, string_view(request.text()).substr(at), changes);
    }
    if (command[0] != "announce" && command[0] != "withdraw") return;
    constexpr std::array<string_view, 3> no_routes{"eor", "operational", "route-refresh"};
    if (command.size() < 3 || is_one_of(command[1], no_routes)) return;
    if (command[1] == "attribute" || command[1] == "attributes")
        return add_prefixes(request, command, changes);
    if (command[1] == "watchdog") {
        changes.push_back({true, fmt::format("watchdog {}", command[2]), peers_of(request),
                           at_once(request, command)});
        return;
    }
    changes.push_back({command[0] == "announce", read_route(command.subspan(1)).nlri,
                       peers_of(request), at_once(request, command)});
}

}  // namespace

std::vector<RouteChange> route_changes(const Request& request) {
    std::vector<RouteChange> changes;
    add_changes(request, changes);
    return changes;
}

}  // namespace exapulse
