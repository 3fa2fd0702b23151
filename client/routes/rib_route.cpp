// SPDX-License-Identifier: BSD-3-Clause
#include "client/routes/rib_route.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "client/exchange/question.hpp"
#include "common/ip_prefix.hpp"
#include "common/json_fields.hpp"
#include "common/tokens.hpp"
#include "common/words.hpp"

namespace exapulse::client {

namespace {

using nlohmann::json;
using std::string_view;

/// What follows the name of a peer: its filters, each with a value.
constexpr std::array<string_view, 5> filters{"local-ip", "local-as", "peer-as", "router-id",
                                             "family-allowed"};

bool is_filter(string_view word) {
    return std::find(filters.begin(), filters.end(), word) != filters.end();
}

/// 6.0 shows `label 100 (1601)`, the bytes of the label in parentheses.
void drop_label_bytes(std::vector<string_view>& parts) {
    const auto label = std::find(parts.begin(), parts.end(), "label");
    if (parts.end() - label > 4 && label[2] == "(" && label[4] == ")")
        parts.erase(label + 2, label + 5);
}

/// 5.0 files labelled routes under unicast as well; read_route() tells them apart.
string_view word_before_prefix(string_view family) {
    if (family.empty()) return "route";
    return family.ends_with(" multicast") ? "multicast" : "unicast";
}

/// `text` is what ExaBGP shows of a route: `10.0.0.0/24 next-hop 192.0.2.1 med 5`, `vpls rd ...`.
/// `family` has two words; empty: it is not shown.
RibRoute read_text(string_view text, string_view family) {
    auto parts = tokens(text);
    if (parts.empty()) return {};
    drop_label_bytes(parts);
    if (!family.empty() && parts.front() == "flow") parts.erase(parts.begin());
    if (parts.empty()) return {};
    // Made a command that names the family, as far as ExaBGP shows it.
    constexpr std::array<string_view, 2> complete{"sr-policy", "vpls"};
    if (IpPrefix::parse_with_host_bits(parts.front())) {
        parts.insert(parts.begin(), word_before_prefix(family));
    } else if (!is_one_of(parts.front(), complete)) {
        const auto start = words(family);
        parts.insert(parts.begin(), start.begin(), start.end());
    }
    const RouteText route = read_route(parts);
    return {route.nlri, true, comparable(route.attributes)};
}

/// 6.0 shows a prefix without what else tells routes apart, and other NLRIs as a text.
RibRoute read_object(const json& object) {
    const std::string family = text_field(object, "family").value_or("");
    const std::string safi = family.substr(family.find(' ') + 1);
    if (const auto prefix = text_field(object, "prefix")) {
        const string_view kind = safi == "nlri-mpls"   ? "label"
                                 : safi == "mpls-vpn"  ? "vpn"
                                 : safi == "multicast" ? "multicast"
                                                       : "unicast";
        return {std::string(kind) + ' ' + *prefix, false};
    }
    return {read_text(text_field(object, "nlri").value_or(safi), family).nlri, true};
}

}  // namespace

bool read_rib_text(string_view line, const OnRibRoute& on_route) {
    const auto parts = words(line);
    if (parts.size() < 4 || parts[0] != "neighbor") return false;
    std::size_t next = 2;
    while (next + 1 < parts.size() && is_filter(parts[next])) next += 2;
    // The family is two words.
    if (next + 2 >= parts.size()) return false;
    const auto at = [&](std::size_t part) {
        return static_cast<std::size_t>(parts[part].data() - line.data());
    };
    const string_view last = parts[next - 1];
    const string_view peer = line.substr(at(0), at(next - 1) + last.size() - at(0));
    const string_view safi = parts[next + 1];
    const string_view family = line.substr(at(next), at(next + 1) + safi.size() - at(next));
    RibRoute route = read_text(line.substr(at(next + 2)), family);
    on_route(peer, std::move(route));
    return true;
}

bool read_rib_json(string_view line, const OnRibRoute& on_route) {
    const json shown = parsed(std::string(line));
    if (!shown.is_object()) return false;
    for (const auto& [peer, what] : shown.items()) {
        if (!what.is_object() || !what.contains("routes") || !what["routes"].is_array())
            return false;
        // Where it shows several at a time, each line repeats those before it.
        if (!what["routes"].empty()) on_route(peer, read_object(what["routes"].back()));
    }
    return true;
}

bool read_route_list(string_view line, const OnRibRoute& on_route) {
    const json shown = parsed(std::string(line));
    if (!shown.is_array()) return false;
    for (const json& route : shown)
        on_route(text_field(route, "neighbor").value_or(""),
                 read_text(text_field(route, "route").value_or(""), ""));
    return true;
}

}  // namespace exapulse::client
