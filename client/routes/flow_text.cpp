// SPDX-License-Identifier: BSD-3-Clause
#include "client/routes/flow_text.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "common/ip_prefix.hpp"
#include "common/tokens.hpp"

namespace exapulse::client {

namespace {

using std::string_view;
using Names = std::pair<string_view, string_view>;

/// What begins a component, and how it is called here.
constexpr std::array components{Names{"destination", "destination"},
                                Names{"destination-ipv4", "destination"},
                                Names{"destination-ipv6", "destination"},
                                Names{"destination-port", "destination-port"},
                                Names{"dscp", "dscp"},
                                Names{"flow-label", "flow-label"},
                                Names{"fragment", "fragment"},
                                Names{"icmp-code", "icmp-code"},
                                Names{"icmp-type", "icmp-type"},
                                Names{"next-header", "protocol"},
                                Names{"packet-length", "packet-length"},
                                Names{"port", "port"},
                                Names{"protocol", "protocol"},
                                Names{"rd", "rd"},
                                Names{"source", "source"},
                                Names{"source-ipv4", "source"},
                                Names{"source-ipv6", "source"},
                                Names{"source-port", "source-port"},
                                Names{"tcp-flags", "tcp-flags"},
                                Names{"traffic-class", "traffic-class"}};

constexpr std::array protocols{Names{"1", "icmp"}, Names{"2", "igmp"}, Names{"6", "tcp"},
                               Names{"17", "udp"}, Names{"47", "gre"}, Names{"50", "esp"},
                               Names{"51", "ah"}};

template <std::size_t size>
string_view name_in(const std::array<Names, size>& names, string_view word) {
    const auto found = std::find_if(names.begin(), names.end(),
                                    [&](const Names& one) { return one.first == word; });
    return found == names.end() ? string_view() : found->second;
}

std::string value_text(string_view component, string_view value) {
    if (component == "source" || component == "destination") {
        // ExaBGP shows the offset of an IPv6 prefix, which is 0 where none was given.
        const bool with_offset = std::count(value.begin(), value.end(), '/') == 2;
        if (with_offset && value.ends_with("/0")) value.remove_suffix(2);
        const auto prefix = IpPrefix::parse_with_host_bits(value);
        return prefix ? prefix->text() : std::string(value);
    }
    if (value.starts_with('=')) value.remove_prefix(1);
    if (component != "protocol") return std::string(value);
    const string_view name = name_in(protocols, value);
    return std::string(name.empty() ? value : name);
}

bool is_punctuation(string_view word) {
    return word == "[" || word == "]" || word == "," || word == "flow" || word == "route";
}

}  // namespace

std::string flow_text(string_view nlri) {
    std::vector<std::string> texts;
    string_view component;
    for (const string_view word : tokens(nlri)) {
        if (is_punctuation(word)) continue;
        if (const string_view name = name_in(components, word); !name.empty()) {
            component = name;
            texts.emplace_back(name);
        } else if (texts.empty()) {
            texts.emplace_back(word);
        } else {
            texts.back().append(" ").append(value_text(component, word));
        }
    }
    std::sort(texts.begin(), texts.end());
    return fmt::format("flow {}", fmt::join(texts, " "));
}

}  // namespace exapulse::client
