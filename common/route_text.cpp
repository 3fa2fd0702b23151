// SPDX-License-Identifier: BSD-3-Clause
#include "common/route_text.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstdint>
#include <utility>

#include "common/flow_rule.hpp"
#include "common/ip_prefix.hpp"
#include "common/peer_selector.hpp"
#include "common/words.hpp"

namespace exapulse {

namespace {

using std::string_view;
using Tokens = std::span<const string_view>;

/// What begins a part of the NLRI; the parts may come in any order.
constexpr std::array<string_view, 16> parts{"base",   "endpoint",
                                            "group",  "label",
                                            "offset", "path-information",
                                            "qfi",    "rd",
                                            "rp",     "size",
                                            "source", "source-as",
                                            "split",  "teid",
                                            "vlan",   "route-distinguisher"};
/// The families of `announce FAMILY PREFIX`, as `announce route PREFIX` would have them.
constexpr std::array<std::pair<string_view, string_view>, 4> safis{{{"unicast", "unicast"},
                                                                    {"multicast", "multicast"},
                                                                    {"nlri-mpls", "label"},
                                                                    {"mpls-vpn", "vpn"}}};

/// Without the punctuation that may end a command.
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

/// Reads the words of one route from the first to the last.
class RouteReader {
  public:
    explicit RouteReader(Tokens words) : family_(words.front()), rest_(words.subspan(1)) {
        const bool by_family = family_ == "ipv4" || family_ == "ipv6";
        const string_view safi = by_family && !rest_.empty() ? rest_.front() : family_;
        if (safi == "sr-policy") read_policy();
    }

    RouteText read() && {
        while (!rest_.empty()) {
            const string_view word = without_braces(rest_.front());
            rest_ = rest_.subspan(1);
            take(word);
        }
        return {nlri(), std::move(attributes_)};
    }

  private:
    /// `ipv4 sr-policy distinguisher 0 color 100 endpoint 192.0.2.1`, and attributes of its own.
    void read_policy() {
        constexpr std::array<string_view, 4> words{"sr-policy", "distinguisher", "color",
                                                   "endpoint"};
        while (!rest_.empty() && is_one_of(rest_.front(), words)) {
            add(std::string(rest_.front()));
            rest_ = rest_.subspan(1);
            if (rest_.empty() || is_one_of(rest_.front(), words)) continue;
            add(normal_value(without_braces(rest_.front())));
            rest_ = rest_.subspan(1);
        }
        only_attributes_ = true;
    }

    void take(string_view word) {
        if (is_attribute(word)) {
            attributes_.push_back(take_attribute(word, rest_));
            in_part_ = false;
        } else if (only_attributes_) {
            return;
        } else if (word == "label") {  // its value is no part of what is withdrawn
            labelled_ = true;
            static_cast<void>(take_attribute(word, rest_));
            in_part_ = false;
        } else if (is_one_of(word, parts)) {
            begin_part(word);
        } else if (!word.empty() && !is_bare_attribute(word)) {
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
        // For `announce route`, the address decides.
        const auto prefix = IpPrefix::parse(start_);
        const bool multicast = family_ == "route" && prefix && prefix->is_multicast();
        if (family_ == "route" || family_ == "unicast")
            family_ = distinguished_ ? "vpn"
                      : labelled_    ? "label"
                      : multicast    ? "multicast"
                                     : "unicast";
    }

    std::string nlri() {
        name_family();
        if (start_.find("mup-t1st ") != start_.npos)
            std::erase_if(found_, [](const auto& part) { return !part.starts_with("rd "); });
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
    bool only_attributes_ = false;  // any other word belongs to one
    bool in_part_ = false;          // the words to come belong to the last part
};

}  // namespace

RouteText read_route(Tokens words) {
    assert(!words.empty());
    return is_flow_rule(words) ? read_flow_rule(words) : RouteReader(words).read();
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
