// SPDX-License-Identifier: BSD-3-Clause
#include "client/routes/comparable_attributes.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "common/ip_address.hpp"
#include "common/ip_prefix.hpp"
#include "common/lower_case.hpp"
#include "common/number.hpp"

namespace exapulse::client {

namespace {

using std::string_view;

constexpr string_view extended = "extended-community";

std::vector<string_view> split(string_view text, char at) {
    std::vector<string_view> found;
    for (;;) {
        const auto end = text.find(at);
        found.push_back(text.substr(0, end));
        if (end == text.npos) return found;
        text.remove_prefix(end + 1);
    }
}

bool is_number(string_view text) {
    return number_in<std::uint64_t>(text).has_value();
}

/// What one value of an attribute means; nullopt: it is not known here.
using Reading = std::optional<std::string> (*)(string_view value);

std::optional<std::string> number(string_view value) {
    const auto read = number_in<std::uint64_t>(value);
    return read ? std::optional(std::to_string(*read)) : std::nullopt;
}

std::optional<std::string> origin(string_view value) {
    const std::string name = lower_case(value);
    if (name == "igp" || name == "egp" || name == "incomplete") return name;
    return std::nullopt;
}

std::optional<std::string> next_hop(string_view value) {
    const auto address = IpPrefix::parse(value);
    if (!address || value.find('/') != value.npos) return std::nullopt;
    const std::string text = address->text();
    return text.substr(0, text.find('/'));
}

std::optional<std::string> community(string_view value) {
    constexpr std::array<string_view, 4> names{"no-export", "no-advertise", "no-peer", "blackhole"};
    if (std::find(names.begin(), names.end(), value) != names.end()) return std::string(value);
    const auto parts = split(value, ':');
    if (parts.size() != 2) return std::nullopt;
    const auto high = number_in<std::uint16_t>(parts[0]), low = number_in<std::uint16_t>(parts[1]);
    // The highest ones have names.
    if (!high || !low || *high == UINT16_MAX) return std::nullopt;
    return fmt::format("{}:{}", *high, *low);
}

std::optional<std::string> large_community(string_view value) {
    const auto parts = split(value, ':');
    if (parts.size() != 3 || !std::all_of(parts.begin(), parts.end(), is_number))
        return std::nullopt;
    return fmt::format("{}:{}:{}", *number(parts[0]), *number(parts[1]), *number(parts[2]));
}

/// The second number of `target:65000:2`, which 4.2 shows as an address in some of them.
std::optional<std::string> local_part(string_view value) {
    const auto address = IpAddress::parse(value);
    if (!address) return number(value);
    if (address->bits != 32) return std::nullopt;
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < 4; ++i) sum = sum << 8 | address->bytes.at(i);
    return std::to_string(sum);
}

std::optional<std::string> extended_community(string_view value) {
    const auto parts = split(value, ':');
    if (parts.size() != 3 || (parts[0] != "target" && parts[0] != "origin")) return std::nullopt;
    const auto as = number_in<std::uint16_t>(parts[1]);
    const auto local = local_part(parts[2]);
    if (!as || !local) return std::nullopt;
    return fmt::format("{}:{}:{}", parts[0], *as, *local);
}

struct Rule {
    string_view name;
    Reading reading;
    bool ordered;  // and of any length, else a set
};

constexpr std::array rules{
    Rule{"as-path", number, true},
    Rule{"community", community, false},
    Rule{extended, extended_community, false},
    Rule{"large-community", large_community, false},
    Rule{"local-preference", number, true},
    Rule{"med", number, true},
    Rule{"next-hop", next_hop, true},
    Rule{"origin", origin, true},
};

ComparableAttribute read(const Rule& rule, const RouteAttribute& written) {
    ComparableAttribute attribute{std::string(rule.name), {}, !written.nested};
    std::vector<std::string> values;
    for (const string_view value : written.values) {
        const auto known = rule.reading(value);
        attribute.certain = attribute.certain && known.has_value();
        values.push_back(known.value_or(std::string(value)));
    }
    if (!rule.ordered) {
        std::sort(values.begin(), values.end());
        values.erase(std::unique(values.begin(), values.end()), values.end());
    }
    attribute.value = fmt::format("{}", fmt::join(values, " "));
    return attribute;
}

const ComparableAttribute* find(const ComparableAttributes& attributes, const std::string& name) {
    const auto found = std::find_if(attributes.begin(), attributes.end(),
                                    [&](const auto& one) { return one.name == name; });
    return found == attributes.end() ? nullptr : &*found;
}

/// Whether each word of `part` is one of `whole`, too.
bool is_part_of(const std::string& part, const std::string& whole) {
    const auto all = split(whole, ' '), some = split(part, ' ');
    return std::includes(all.begin(), all.end(), some.begin(), some.end());
}

/// What ExaBGP sends where nothing is said.
bool is_default(const ComparableAttribute& wanted) {
    return wanted.value.empty() || (wanted.name == "origin" && wanted.value == "igp");
}

}  // namespace

ComparableAttributes comparable(std::span<const RouteAttribute> written) {
    ComparableAttributes attributes;
    for (const RouteAttribute& one : written) {
        const string_view name = one.name == "communities" ? "community" : one.name;
        const auto rule = std::find_if(rules.begin(), rules.end(),
                                       [&](const Rule& known) { return known.name == name; });
        if (rule == rules.end()) continue;
        if (name == "next-hop" && one.values.size() == 1 && one.values[0] == "self") continue;
        ComparableAttribute attribute = read(*rule, one);
        const auto place = std::lower_bound(
            attributes.begin(), attributes.end(), attribute.name,
            [](const ComparableAttribute& a, const std::string& b) { return a.name < b; });
        if (place != attributes.end() && place->name == attribute.name)
            place->certain = false;  // which one counts is ExaBGP's to say
        else
            attributes.insert(place, std::move(attribute));
    }
    return attributes;
}

AttributeComparison compare(const ComparableAttributes& wanted, const ComparableAttributes& found) {
    AttributeComparison result;
    for (const ComparableAttribute& one : wanted) {
        const ComparableAttribute* other = find(found, one.name);
        if (other == nullptr && is_default(one)) continue;
        if (other != nullptr) {
            const bool more = one.name == extended && is_part_of(one.value, other->value);
            if (more || one.value == other->value) continue;
        }
        // 5.0 shows no next-hop for mup and mcast-vpn, so there is nothing to compare.
        const bool hidden = other == nullptr && one.name == "next-hop";
        if (hidden || !one.certain || (other != nullptr && !other->certain))
            result.unsure = true;
        else
            result.differences.push_back(
                {one.name, one.value, other == nullptr ? std::string() : other->value});
    }
    return result;
}

}  // namespace exapulse::client
