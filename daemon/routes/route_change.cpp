// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/routes/route_change.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <optional>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "common/ip_prefix.hpp"
#include "daemon/exabgp/command_line.hpp"

namespace exapulse {

namespace {

using std::string_view;

/// Attributes, each followed by one value or a list in brackets.
constexpr std::array<string_view, 20> attributes{"aggregator",
                                                 "aigp",
                                                 "as-path",
                                                 "attribute",
                                                 "bgp-prefix-sid",
                                                 "bgp-prefix-sid-srv6",
                                                 "cluster-list",
                                                 "community",
                                                 "communities",
                                                 "extended-community",
                                                 "large-community",
                                                 "local-preference",
                                                 "med",
                                                 "name",
                                                 "next-hop",
                                                 "origin",
                                                 "originator-id",
                                                 "pmsi",
                                                 "redirect",
                                                 "watchdog"};
/// Attributes without a value, and words about the command itself.
constexpr std::array<string_view, 4> flags{"async", "atomic-aggregate", "sync", "withdraw"};
/// What begins a part of the NLRI; the parts may come in any order.
constexpr std::array<string_view, 30> parts{"base",
                                            "destination",
                                            "destination-ipv4",
                                            "destination-ipv6",
                                            "destination-port",
                                            "dscp",
                                            "endpoint",
                                            "flow-label",
                                            "fragment",
                                            "icmp-code",
                                            "icmp-type",
                                            "label",
                                            "next-header",
                                            "offset",
                                            "packet-length",
                                            "path-information",
                                            "port",
                                            "protocol",
                                            "rd",
                                            "route-distinguisher",
                                            "size",
                                            "source",
                                            "source-ipv4",
                                            "source-ipv6",
                                            "source-port",
                                            "split",
                                            "tcp-flags",
                                            "teid",
                                            "traffic-class",
                                            "vlan"};
/// The families of `announce FAMILY PREFIX`, as `announce route PREFIX` would have them.
constexpr std::array<std::pair<string_view, string_view>, 3> safis{
    {{"unicast", "unicast"}, {"nlri-mpls", "label"}, {"mpls-vpn", "vpn"}}};

template <class List>
bool is_one_of(string_view word, const List& list) {
    return std::find(list.begin(), list.end(), word) != list.end();
}

/// Punctuation that only groups the words of a flow rule.
string_view without_braces(string_view word) {
    while (!word.empty() && string_view("{};").find(word.front()) != word.npos)
        word.remove_prefix(1);
    while (!word.empty() && string_view("{};").find(word.back()) != word.npos)
        word.remove_suffix(1);
    return word;
}

/// `line` after one value or list.
Words after_value(Words line) {
    if (line.empty()) return line;
    int depth = 0;
    do {
        const string_view word = line.front();
        if (word == "[" || word == "(") ++depth;
        if (!word.empty() && (word.front() == ']' || word.front() == ')')) --depth;
        line = line.subspan(1);
    } while (depth > 0 && !line.empty());
    return line;
}

std::string number_of_path(string_view value) {
    const auto address = IpAddress::parse(value);
    if (!address || address->bits != 32) return std::string(value);
    const auto& b = address->bytes;
    return std::to_string((std::uint32_t{b[0]} << 24) | (std::uint32_t{b[1]} << 16) |
                          (std::uint32_t{b[2]} << 8) | std::uint32_t{b[3]});
}

/// A value as ExaBGP would have it: without host bits, IPv6 in one spelling.
std::string normal_value(string_view word) {
    if (const auto prefix = IpPrefix::parse_with_host_bits(word)) return prefix->text();
    return std::string(word);
}

/// The NLRI of a command whose words follow `announce` or `withdraw` and are no list of prefixes.
std::string nlri_of(Words line) {
    assert(!line.empty());
    std::string family(line.front());
    line = line.subspan(1);
    std::string start;
    std::vector<std::string> found;
    bool labelled = false, distinguished = false, in_part = false;
    const auto add = [&](const std::string& word) {
        std::string& text = in_part ? found.back() : start;
        if (!text.empty()) text += ' ';
        text += word;
    };
    while (!line.empty()) {
        const string_view word = without_braces(line.front());
        if (word == "then") break;  // the actions of a flow rule
        if (is_one_of(word, attributes)) {
            line = after_value(line.subspan(1));
            in_part = false;
            continue;
        }
        line = line.subspan(1);
        if (word.empty() || word == "match" || is_one_of(word, flags)) continue;
        if (word == "label") {  // its value is no part of what is withdrawn
            labelled = true;
            line = after_value(line);
            in_part = false;
            continue;
        }
        if (is_one_of(word, parts)) {
            const bool rd = word == "rd" || word == "route-distinguisher";
            distinguished |= rd;
            found.emplace_back(rd ? string_view("rd") : word);
            in_part = true;
            if (word == "path-information" && !line.empty()) {
                found.back() += ' ' + number_of_path(without_braces(line.front()));
                line = line.subspan(1);
                in_part = false;
            }
            continue;
        }
        add(normal_value(word));
    }
    // `route P`, `ipv4 unicast P`; `route P label 1`, `ipv4 nlri-mpls P label 1`; and so on.
    const bool by_family = family == "ipv4" || family == "ipv6";
    for (const auto& [safi, kind] : safis) {
        const bool named = by_family && start.starts_with(safi) && start.size() > safi.size() &&
                           start[safi.size()] == ' ';
        if (!named) continue;
        start.erase(0, safi.size() + 1);
        family = kind;
        break;
    }
    if (family == "route" || family == "unicast")
        family = distinguished ? "vpn" : labelled ? "label" : "unicast";
    std::sort(found.begin(), found.end());
    std::string nlri = family + ' ' + start;
    for (const std::string& part : found) nlri.append(" ").append(part);
    return nlri;
}

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
    // What is said of all prefixes, as of a route of its own.
    std::vector<string_view> route{"route", ""};
    route.insert(route.end(), command.begin() + 2, nlri);
    for (auto word = nlri == command.end() ? nlri : nlri + 1; word != command.end(); ++word) {
        if (*word == "sync" || *word == "async" || *word == "[" || *word == "]" || *word == ",")
            continue;
        route[1] = *word;
        changes.push_back({command[0] == "announce", nlri_of(route), peers_of(request),
                           start + std::string(*word)});
    }
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
    changes.push_back({command[0] == "announce", nlri_of(command.subspan(1)), peers_of(request),
                       at_once(request, command)});
}

}  // namespace

std::vector<RouteChange> route_changes(const Request& request) {
    std::vector<RouteChange> changes;
    add_changes(request, changes);
    return changes;
}

std::string withdrawal_of(const std::string& line) {
    const Request request(line);
    const Words command = command_words(request);
    if (command.size() < 2 || command[0] != "announce") return {};
    const auto at = static_cast<std::size_t>(command[0].data() - request.text().data());
    std::string text = request.text();
    return text.replace(at, command[0].size(), "withdraw");
}

}  // namespace exapulse
