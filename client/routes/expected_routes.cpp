// SPDX-License-Identifier: BSD-3-Clause
#include "client/routes/expected_routes.hpp"

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

#include "client/routes/route_filter.hpp"
#include "common/json_fields.hpp"
#include "common/peer_selector.hpp"
#include "common/tokens.hpp"

namespace exapulse::client {

namespace {

constexpr std::string_view watchdog_kind = "watchdog";

/// The words of a command that read_route() reads: those after `announce`.
std::vector<std::string_view> route_words(std::string_view command) {
    const auto selector = read_selector(command).selector;
    auto parts = tokens(selector ? selector->command : command);
    if (!parts.empty()) parts.erase(parts.begin());
    return parts;
}

std::string text_of(const ComparableAttributes& attributes) {
    std::string text;
    for (const ComparableAttribute& one : attributes)
        text.append(one.name).append(one.certain ? "=" : "~").append(one.value).append("\n");
    return text;
}

}  // namespace

bool ExpectedRoutes::add(const nlohmann::json& line) {
    const auto number = number_field(line, "number");
    const auto nlri = text_field(line, "route");
    if (!number || !nlri) return false;
    last_number_ = static_cast<std::uint64_t>(*number);
    if (is_certain(line)) expect(line, last_number_, *nlri);
    return true;
}

bool ExpectedRoutes::add_uncertain(const nlohmann::json& line) {
    const auto number = number_field(line, "number");
    const auto nlri = text_field(line, "route");
    return number && nlri && expect(line, static_cast<std::uint64_t>(*number), *nlri);
}

bool ExpectedRoutes::expect(const nlohmann::json& line, std::uint64_t number,
                            const std::string& nlri) {
    const RouteKey key = key_of(nlri);
    if (key.kind == watchdog_kind) return false;  // it is no route
    const auto index = static_cast<Index>(entries_.size());
    const auto [place, added] = newest_.try_emplace(key.text, index);
    const std::string peers = text_field(line, "peers").value_or("*");
    const bool split = nlri.find(" split ") != std::string::npos;
    if (split && key.prefix) split_.push_back(*key.prefix);
    bool watched = false;
    const Index attributes = attributes_in(text_field(line, "command").value_or(""), watched);
    entries_.push_back({.number = number,
                        .nlri = key.text == nlri ? &place->first : &nlris_.emplace_back(nlri),
                        .text = &place->first,
                        .terms = terms_of(peers),
                        .attributes = attributes,
                        .before = added ? std::nullopt : std::optional(place->second),
                        .kind = name_number(key.kind),
                        .family = name_number(key.family),
                        .exact = key.exact,
                        .withdrawn = flag_field(line, "withdrawn").value_or(false),
                        .everyone = peers == "*",
                        .may_be_absent = watched || split});
    place->second = index;
    return true;
}

std::optional<ExpectedRoutes::Index> ExpectedRoutes::newest(const std::string& text) const {
    const auto found = newest_.find(text);
    return found == newest_.end() ? std::nullopt : std::optional(found->second);
}

bool ExpectedRoutes::made_by_split(const IpPrefix& prefix) const {
    return std::any_of(split_.begin(), split_.end(),
                       [&](const IpPrefix& whole) { return whole.contains(prefix); });
}

std::uint16_t ExpectedRoutes::name_number(const std::string& name) {
    const auto next = static_cast<std::uint16_t>(names_.size());
    // More families than there are is no concern: they are a few.
    const auto [place, added] = name_numbers_.try_emplace(name, next);
    if (added) names_.push_back(name);
    return place->second;
}

ExpectedRoutes::Index ExpectedRoutes::terms_of(const std::string& peers) {
    const auto [place, added] =
        terms_by_text_.try_emplace(peers, static_cast<Index>(terms_.size()));
    if (added) terms_.emplace_back(peers);
    return place->second;
}

ExpectedRoutes::Index ExpectedRoutes::attributes_in(const std::string& command,
                                                    bool& has_watchdog) {
    const auto parts = route_words(command);
    ComparableAttributes found;
    if (!parts.empty()) {
        const RouteText route = read_route(parts);
        found = comparable(route.attributes);
        has_watchdog =
            std::any_of(route.attributes.begin(), route.attributes.end(),
                        [](const RouteAttribute& one) { return one.name == watchdog_kind; });
    }
    const auto [place, added] =
        attributes_by_text_.try_emplace(text_of(found), static_cast<Index>(attributes_.size()));
    if (added) attributes_.push_back(std::move(found));
    return place->second;
}

}  // namespace exapulse::client
