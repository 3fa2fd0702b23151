// SPDX-License-Identifier: BSD-3-Clause
#include "common/route_text.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstdint>
#include <utility>

#include "common/flow_component.hpp"
#include "common/ip_prefix.hpp"
#include "common/peer_selector.hpp"
#include "common/words.hpp"

namespace exapulse {

namespace {

using std::string_view;
using Tokens = std::span<const string_view>;

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
constexpr std::array<string_view, 4> bare_words{"async", "atomic-aggregate", "sync", "withdraw"};
/// What a flow rule does with packets, each followed by one value or a list, or by nothing.
constexpr std::array<string_view, 6> actions{"action", "copy",       "interface-set",
                                             "mark",   "rate-limit", "redirect-to-nexthop-ietf"};
constexpr std::array<string_view, 3> bare_actions{"accept", "discard", "redirect-to-nexthop"};
/// What begins a part of the NLRI; the parts may come in any order.
constexpr std::array<string_view, 34> parts{"base",
                                            "destination",
                                            "destination-ipv4",
                                            "destination-ipv6",
                                            "destination-port",
                                            "dscp",
                                            "endpoint",
                                            "flow-label",
                                            "fragment",
                                            "group",
                                            "icmp-code",
                                            "icmp-type",
                                            "label",
                                            "next-header",
                                            "offset",
                                            "packet-length",
                                            "path-information",
                                            "port",
                                            "protocol",
                                            "qfi",
                                            "rd",
                                            "route-distinguisher",
                                            "rp",
                                            "size",
                                            "source",
                                            "source-as",
                                            "source-ipv4",
                                            "source-ipv6",
                                            "source-port",
                                            "split",
                                            "tcp-flags",
                                            "teid",
                                            "traffic-class",
                                            "vlan"};
/// The families of `announce FAMILY PREFIX`, as `announce route PREFIX` would have them.
constexpr std::array<std::pair<string_view, string_view>, 4> safis{{{"unicast", "unicast"},
                                                                    {"multicast", "multicast"},
                                                                    {"nlri-mpls", "label"},
                                                                    {"mpls-vpn", "vpn"}}};

template <std::size_t size>
bool is_one_of(string_view word, const std::array<string_view, size>& list) {
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

bool opens(string_view word) {
    return word == "[" || word == "(";
}

bool closes(string_view word) {
    return word.starts_with(']') || word.starts_with(')');
}

/// Takes one value or list from the start of `line`.
RouteAttribute take_values(string_view name, Tokens& line) {
    RouteAttribute attribute{name, {}};
    int depth = 0;
    while (!line.empty()) {
        const string_view word = line.front();
        line = line.subspan(1);
        const int outer = depth;
        if (opens(word)) ++depth;
        if (closes(word)) --depth;
        const bool punctuation = opens(word) || closes(word);
        const bool outermost = punctuation && std::max(outer, depth) == 1;
        if (punctuation && !outermost) attribute.nested = true;
        if (!outermost && word != ",") attribute.values.push_back(word);
        if (depth <= 0) break;
    }
    return attribute;
}

/// Reads the words of one route from the first to the last.
class RouteReader {
  public:
    explicit RouteReader(Tokens words) : family_(words.front()), rest_(words.subspan(1)) {
        const bool by_family = family_ == "ipv4" || family_ == "ipv6";
        const string_view safi = by_family && !rest_.empty() ? rest_.front() : family_;
        if (safi == "flow" || safi == "flow-vpn") begin_flow();
        if (safi == "sr-policy") read_policy();
    }

    RouteText read() && {
        while (!rest_.empty()) {
            const string_view word = without_braces(rest_.front());
            if (word == "then") break;  // the actions of a flow rule
            rest_ = rest_.subspan(1);
            take(word);
        }
        return {nlri(), std::move(attributes_)};
    }

  private:
    /// `flow route NAME { match { ...`, `flow route source ...`, `ipv4 flow source ...`.
    void begin_flow() {
        flow_ = true;
        if (family_ != "flow") {
            ipv6_flow_ = family_ == "ipv6";
            family_ = "flow";
            rest_ = rest_.subspan(1);
        }
        if (!rest_.empty() && rest_.front() == "route") rest_ = rest_.subspan(1);
        if (rest_.size() > 1 && !rest_[0].starts_with('{') && rest_[1].starts_with('{'))
            rest_ = rest_.subspan(1);
    }

    /// `ipv4 sr-policy distinguisher 0 color 100 endpoint 192.0.2.1`, and attributes of its own.
    void read_policy() {
        constexpr std::array<string_view, 4> words{"sr-policy", "distinguisher", "color",
                                                   "endpoint"};
        while (!rest_.empty() && is_one_of(rest_.front(), words)) {
            add(std::string(rest_.front()));
            rest_ = rest_.subspan(1);
            if (rest_.empty() || is_one_of(rest_.front(), words)) continue;
            add(normal_value(rest_.front()));
            rest_ = rest_.subspan(1);
        }
        only_attributes_ = true;
    }

    void take(string_view word) {
        if (is_one_of(word, attributes) || (flow_ && is_one_of(word, actions))) {
            attributes_.push_back(take_values(word, rest_));
            in_part_ = false;
        } else if (only_attributes_) {
            return;
        } else if (flow_ && is_one_of(word, bare_actions)) {
            in_part_ = false;
        } else if (word == "label") {  // its value is no part of what is withdrawn
            labelled_ = true;
            static_cast<void>(take_values(word, rest_));
            in_part_ = false;
        } else if (is_one_of(word, parts)) {
            begin_part(word);
        } else if (!word.empty() && word != "match" && !is_one_of(word, bare_words)) {
            add(normal_value(word));
        }
    }

    void begin_part(string_view word) {
        const bool rd = word == "rd" || word == "route-distinguisher";
        distinguished_ |= rd;
        found_.emplace_back(rd ? string_view("rd") : word);
        in_part_ = true;
        if (word != "path-information" || rest_.empty()) return;
        found_.back() += ' ' + number_of_path(without_braces(rest_.front()));
        rest_ = rest_.subspan(1);
        in_part_ = false;
    }

    void add(const std::string& word) {
        std::string& text = in_part_ ? found_.back() : start_;
        if (!text.empty()) text += ' ';
        text += word;
    }

    // `route P`, `ipv4 unicast P`; `route P label 1`, `ipv4 nlri-mpls P label 1`; and so on.
    void name_family() {
        const bool by_family = family_ == "ipv4" || family_ == "ipv6";
        for (const auto& [safi, kind] : safis) {
            const bool named = by_family && start_.starts_with(safi) &&
                               start_.size() > safi.size() && start_[safi.size()] == ' ';
            if (!named) continue;
            start_.erase(0, safi.size() + 1);
            family_ = kind;
            break;
        }
        // `announce route` makes such a prefix multicast as well.
        if (family_ == "multicast")
            if (const auto prefix = IpPrefix::parse(start_); prefix && prefix->is_multicast())
                family_ = "unicast";
        if (family_ == "route" || family_ == "unicast")
            family_ = distinguished_ ? "vpn" : labelled_ ? "label" : "unicast";
    }

    /// The family of a rule is that of its prefixes, and that of `rd`.
    void name_flow() {
        for (std::string& part : found_) part = flow_component(part);
        const bool has_prefix = std::any_of(found_.begin(), found_.end(), [](const auto& part) {
            return part.find('/') != part.npos;
        });
        if (ipv6_flow_ && !has_prefix) family_ = "ipv6 flow";
    }

    std::string nlri() {
        flow_ ? name_flow() : name_family();
        std::sort(found_.begin(), found_.end());
        std::string text = family_;
        if (!start_.empty()) text.append(" ").append(start_);
        for (const std::string& part : found_) text.append(" ").append(part);
        return text;
    }

    std::string family_;
    Tokens rest_;
    std::string start_;               // of the NLRI, before its parts
    std::vector<std::string> found_;  // those parts, each with its values
    std::vector<RouteAttribute> attributes_;
    bool labelled_ = false, distinguished_ = false;
    bool flow_ = false, ipv6_flow_ = false;
    bool only_attributes_ = false;  // what is not one belongs to one
    bool in_part_ = false;          // the words to come belong to the last part
};

}  // namespace

RouteText read_route(Tokens words) {
    assert(!words.empty());
    return RouteReader(words).read();
}

std::vector<ListedRoute> listed_routes(std::span<const std::string_view> words) {
    assert(!words.empty());
    std::vector<ListedRoute> routes;
    const auto nlri = std::find(words.begin(), words.end(), "nlri");
    // What is said of all prefixes, as of a route of its own.
    std::vector<std::string_view> route{"route", ""};
    route.insert(route.end(), words.begin() + 1, nlri);
    for (auto word = nlri == words.end() ? nlri : nlri + 1; word != words.end(); ++word) {
        if (*word == "sync" || *word == "async" || *word == "[" || *word == "]" || *word == ",")
            continue;
        route[1] = *word;
        routes.push_back({*word, read_route(route).nlri});
    }
    return routes;
}

std::string withdrawal_of(std::string_view line) {
    const auto reading = read_selector(line);
    const auto command = words(reading.selector ? reading.selector->command : line);
    constexpr std::string_view announce = "announce";
    if (command.size() < 2 || command[0] != announce) return {};
    std::string text(line);
    return text.replace(static_cast<std::size_t>(command[0].data() - line.data()), announce.size(),
                        "withdraw");
}

}  // namespace exapulse
