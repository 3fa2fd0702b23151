// SPDX-License-Identifier: BSD-3-Clause
#include "common/flow_component.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "common/ip_prefix.hpp"
#include "common/lower_case.hpp"
#include "common/words.hpp"

namespace exapulse {

namespace {

using std::string_view;
using Names = std::pair<string_view, string_view>;

constexpr std::array other_names{
    Names{"destination-ipv4", "destination"}, Names{"destination-ipv6", "destination"},
    Names{"next-header", "protocol"},         Names{"source-ipv4", "source"},
    Names{"source-ipv6", "source"},           Names{"traffic-class", "dscp"}};

/// See ExaBGP's protocol/__init__.py.
constexpr std::array protocols{Names{"1", "icmp"},  Names{"2", "igmp"},  Names{"6", "tcp"},
                               Names{"8", "egp"},   Names{"17", "udp"},  Names{"46", "rsvp"},
                               Names{"47", "gre"},  Names{"50", "esp"},  Names{"51", "ah"},
                               Names{"89", "ospf"}, Names{"94", "ipip"}, Names{"103", "pim"},
                               Names{"132", "sctp"}};

template <std::size_t size>
string_view name_in(const std::array<Names, size>& names, string_view word) {
    const auto found = std::find_if(names.begin(), names.end(),
                                    [&](const Names& one) { return one.first == word; });
    return found == names.end() ? word : found->second;
}

std::string prefix_text(string_view value) {
    // ExaBGP shows the offset of an IPv6 prefix, which is 0 where none was given.
    const bool with_offset = std::count(value.begin(), value.end(), '/') == 2;
    if (with_offset && value.ends_with("/0")) value.remove_suffix(2);
    const auto prefix = IpPrefix::parse_with_host_bits(value);
    return prefix ? prefix->text() : std::string(value);
}

/// `=80`, `>1024`, `!=udp`.
std::string test_text(string_view component, string_view test) {
    const auto value_at = std::min(test.find_first_not_of("=<>!"), test.size());
    string_view operation = test.substr(0, value_at);
    // `=` is the default for numbers. For bits it is not: `=syn` matches SYN alone.
    const bool bits = component == "tcp-flags" || component == "fragment";
    if (!bits && operation == "=") operation = {};
    std::string value = lower_case(test.substr(value_at));
    if (component == "protocol") value = name_in(protocols, value);
    return std::string(operation) + value;
}

std::string value_text(string_view component, string_view value) {
    if (component == "source" || component == "destination") return prefix_text(value);
    if (component == "rd") return std::string(value);
    std::string text;
    for (;;) {
        const auto end = std::min(value.find('&'), value.size());
        text += test_text(component, value.substr(0, end));
        if (end == value.size()) return text;
        text += '&';
        value.remove_prefix(end + 1);
    }
}

bool is_punctuation(string_view word) {
    return word == "[" || word == "]" || word == ",";
}

}  // namespace

std::string flow_component(string_view component) {
    std::string text;
    string_view name;
    for (const string_view word : words(component)) {
        if (name.empty())
            text = name = name_in(other_names, word);
        else if (!is_punctuation(word))
            text.append(" ").append(value_text(name, word));
    }
    return text;
}

}  // namespace exapulse
