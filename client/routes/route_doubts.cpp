// SPDX-License-Identifier: BSD-3-Clause
#include "client/routes/route_doubts.hpp"

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

#include "common/json_fields.hpp"

namespace exapulse::client {

namespace {

using Presence = RouteComparison::Presence;

/// Whether they have this NLRI, or one that ExaBGP 6 shows alike.
bool has_like(const ExpectedRoutes& routes, const RouteKey& key) {
    const auto& entries = routes.entries();
    return std::any_of(entries.begin(), entries.end(), [&](const ExpectedRoutes::Entry& entry) {
        return !entry.withdrawn && key_of(*entry.nlri).group == key.group;
    });
}

}  // namespace

void RouteDoubts::add(const nlohmann::json& line) {
    const auto number = number_field(line, "number");
    const auto nlri = text_field(line, "route");
    if (!number || !nlri || !flag_field(line, "uncertain").value_or(false)) return;
    Doubt doubt{.number = static_cast<std::uint64_t>(*number),
                .nlri = *nlri,
                .peers = text_field(line, "peers").value_or("*"),
                .command = text_field(line, "command").value_or("")};
    if (!flag_field(line, "withdrawn").value_or(false)) {
        if (!announced_.add_uncertain(line)) return;
        doubt.announced = static_cast<Index>(announced_.entries().size() - 1);
    }
    doubts_.push_back(std::move(doubt));
}

void RouteDoubts::begin(const std::vector<RibPeer>& peers) {
    if (any()) comparison_.emplace(announced_, peers, std::nullopt);
}

void RouteDoubts::see(std::string_view peer, const RibRoute& route) {
    if (comparison_) comparison_->see(peer, route);
}

std::optional<bool> RouteDoubts::was_announced(const Doubt& doubt, const ExpectedRoutes& certain,
                                               const RouteFindings& shown) const {
    const Presence presence = comparison_->presence(*doubt.announced, shown);
    if (presence == Presence::There) return true;
    if (presence == Presence::Absent) return false;
    // What looks like it may be one that is certain.
    if (presence == Presence::Alike && !has_like(certain, key_of(doubt.nlri))) return true;
    return std::nullopt;
}

std::optional<bool> RouteDoubts::was_withdrawn(const Doubt& doubt, const ExpectedRoutes& certain,
                                               const RouteComparison& comparison,
                                               RouteFindings& findings) const {
    std::vector<std::uint64_t> missing;
    bool there = false, unknown = false;
    for (Index i = 0; i < certain.entries().size(); ++i) {
        const ExpectedRoutes::Entry& entry = certain.entries()[i];
        if (entry.withdrawn || *entry.nlri != doubt.nlri) continue;
        // Whether those peers are the ones that lack it would have to be looked at one by one.
        const PeerTerms& terms = certain.terms()[entry.terms];
        if (doubt.peers != "*" && terms.addresses() != PeerTerms(doubt.peers).addresses())
            return std::nullopt;
        switch (comparison.presence(i, findings)) {
            case Presence::There:
            case Presence::Alike:
                there = true;
                break;
            case Presence::Absent:
                missing.push_back(entry.number);
                break;
            case Presence::Unknown:
                unknown = true;
        }
    }
    if (unknown || there == !missing.empty()) return std::nullopt;
    for (const std::uint64_t number : missing) findings.wrong.erase(number);
    return !there;
}

void RouteDoubts::end(const ExpectedRoutes& certain, const RouteComparison& comparison,
                      RouteFindings& findings) {
    if (!comparison_) return;
    const RouteFindings shown = comparison_->end();
    std::unordered_set<std::string> explained;
    for (const Doubt& doubt : doubts_) {
        const auto outcome = doubt.announced ? was_announced(doubt, certain, shown)
                                             : was_withdrawn(doubt, certain, comparison, findings);
        if (outcome)
            findings.settled.push_back(
                {doubt.number, doubt.nlri, doubt.peers, doubt.command, *outcome});
        else
            ++findings.uncertain;
        if (!doubt.announced || outcome == false) continue;
        const RouteKey key = key_of(doubt.nlri);
        explained.insert({key.text, key.group});
        // It has the attributes of this one instead.
        if (outcome == true)
            std::erase_if(findings.wrong, [&](const auto& finding) {
                return finding.second.what == RouteFinding::What::Different &&
                       finding.second.nlri == doubt.nlri;
            });
    }
    std::erase_if(findings.extra, [&](const ExtraRoute& route) {
        return explained.contains(route.nlri) || explained.contains(key_of(route.nlri).text);
    });
}

}  // namespace exapulse::client
