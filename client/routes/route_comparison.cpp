// SPDX-License-Identifier: BSD-3-Clause
#include "client/routes/route_comparison.hpp"

#include <algorithm>
#include <utility>

#include "common/ip_address.hpp"

namespace exapulse::client {

namespace {

using Match = PeerTerms::Match;
using What = RouteFinding::What;

/// 5.0 files some of the routes of a family under another.
std::string other_family(const std::string& family) {
    if (!family.ends_with(" nlri-mpls") && !family.ends_with(" mpls-vpn")) return family;
    return family.substr(0, family.find(' ')) + " unicast";
}

}  // namespace

RouteComparison::RouteComparison(const ExpectedRoutes& expected, std::vector<RibPeer> peers,
                                 const std::optional<std::string>& only)
    : expected_(expected),
      peers_(std::move(peers)),
      only_(only),
      seen_(expected.entries().size()),
      peers_known_(!peers_.empty()) {
    if (only_)
        std::erase_if(peers_,
                      [&](const RibPeer& peer) { return !same_address(peer.address, *only_); });
    for (RibPeer& peer : peers_)
        if (is_address_range(peer.address)) {
            ranges_ = true;
            peer.shown = false;
        }
    finished_.resize(peers_.size());
    learn_groups(false);
}

void RouteComparison::learn_groups(bool of_exact) {
    for (const Entry& entry : expected_.entries())
        if (entry.exact == of_exact) groups_.insert(key_of(*entry.nlri).group);
}

void RouteComparison::see(std::string_view peer, const RibRoute& route) {
    if (name_ != peer) turn_to(peer);
    if (!peer_) return;
    const RouteKey key = key_of(route.nlri);
    families_.insert(key.family.empty() ? key.kind : key.family);
    if (route.whole && see_known(route, key.text)) return;
    if (route.whole && key.exact)
        add_extra(route.nlri);
    else
        see_one_of_group(route, key);
}

void RouteComparison::turn_to(std::string_view name) {
    finish_peer();
    name_ = name;
    if (const auto peer = find_peer(name)) begin(*peer);
}

void RouteComparison::begin(std::size_t peer) {
    peer_ = peer;
    matches_.clear();
    for (const PeerTerms& terms : expected_.terms()) matches_.push_back(terms.match(peers_[peer]));
    here_.assign(expected_.entries().size(), false);
    shown_.clear();
    families_.clear();
}

std::optional<std::size_t> RouteComparison::find_peer(std::string_view name) {
    const RibPeer named = peer_named(name);
    if (only_ && !same_address(named.address, *only_)) return std::nullopt;
    std::vector<std::size_t> fitting;
    const auto look = [&](auto fits) {
        fitting.clear();
        for (std::size_t i = 0; i < peers_.size(); ++i)
            if (fits(peers_[i])) fitting.push_back(i);
    };
    look([&](const RibPeer& peer) { return same_address(peer.address, named.address); });
    if (fitting.size() > 1 && named.filters)
        look([&](const RibPeer& peer) { return same_peer(named, peer); });
    if (fitting.size() == 1 && !finished_[fitting[0]]) return fitting[0];
    if (fitting.empty()) {
        peers_.push_back(named);
        finished_.push_back(false);
        return peers_.size() - 1;
    }
    // Several sessions under one name: which of them has a route is not shown.
    for (const std::size_t peer : fitting) peers_[peer].shown = false;
    return std::nullopt;
}

RouteComparison::Decisive RouteComparison::decisive(std::optional<Index> newest) const {
    Decisive found;
    for (auto at = newest; at; at = expected_.entries()[*at].before) {
        const Match match = matches_[expected_.entries()[*at].terms];
        if (match == Match::Perhaps) found.perhaps = true;
        if (match != Match::Yes) continue;
        found.entry = at;
        break;
    }
    return found;
}

bool RouteComparison::see_known(const RibRoute& route, const std::string& text) {
    const Decisive found = decisive(expected_.newest(text));
    if (found.perhaps) return true;
    if (!found.entry) return false;
    const Entry& entry = expected_.entries()[*found.entry];
    if (entry.withdrawn) {
        report(What::NotWithdrawn, entry);
        return true;
    }
    here_[*found.entry] = true;
    Seen& seen = seen_[*found.entry];
    seen.here = true;
    const AttributeComparison result =
        route.attributes ? compare(expected_.attributes_of(entry), *route.attributes)
                         : AttributeComparison{{}, true};
    seen.attributes_unsure |= result.unsure;
    if (result.differences.empty())
        seen.as_announced = true;
    else
        report(What::Different, entry).differences = result.differences;
    return true;
}

void RouteComparison::see_one_of_group(const RibRoute& route, const RouteKey& key) {
    if (!route.whole && !std::exchange(exact_grouped_, true)) learn_groups(true);
    if (groups_.contains(key.group))
        ++shown_[key.group];
    else
        add_extra(route.nlri);
}

std::vector<RouteComparison::Index> RouteComparison::unseen_entries() {
    std::vector<Index> unseen;
    const auto& entries = expected_.entries();
    for (Index i = 0; i < entries.size(); ++i) {
        const Match match = matches_[entries[i].terms];
        if (match == Match::No) continue;
        Seen& seen = seen_[i];
        seen.matched = true;
        const Decisive found = decisive(expected_.newest(*entries[i].text));
        if (found.perhaps) seen.unsure = seen.decides = true;
        if (found.perhaps || found.entry != i) continue;
        seen.decides = true;
        if (!here_[i] && !entries[i].withdrawn) unseen.push_back(i);
    }
    return unseen;
}

void RouteComparison::finish_peer() {
    if (!peer_) return;
    const std::vector<Index> unseen = unseen_entries();
    const auto group_of = [&](Index index) {
        return key_of(*expected_.entries()[index].nlri).group;
    };
    std::unordered_map<std::string, std::size_t> wanted;
    if (!shown_.empty())
        for (const Index index : unseen) ++wanted[group_of(index)];
    for (const Index index : unseen) {
        const std::string group = shown_.empty() ? std::string() : group_of(index);
        const auto shown = shown_.find(group), wants = wanted.find(group);
        judge(index, shown == shown_.end() ? 0 : shown->second,
              wants == wanted.end() ? 0 : wants->second);
    }
    for (const auto& [group, shown] : shown_) {
        const std::size_t wants = wanted.contains(group) ? wanted[group] : 0;
        // Where routes have only their kind in common, these may be any of them.
        if (wants == 0 || key_of(group).prefix) add_extra(group, shown - std::min(shown, wants));
    }
    finished_[*peer_] = true;
    peer_.reset();
}

void RouteComparison::judge(Index index, std::size_t shown, std::size_t wanted) {
    Seen& seen = seen_[index];
    if (shown == 0) return lacks(index);
    if (!expected_.entries()[index].exact || shown < wanted) {
        seen.unsure = true;
        return;
    }
    seen.here = seen.as_announced = seen.attributes_unsure = true;
}

void RouteComparison::lacks(Index index) {
    const Entry& entry = expected_.entries()[index];
    const RibPeer& peer = peers_[*peer_];
    Seen& seen = seen_[index];
    const bool shown = peer.shown.value_or(true);
    if (entry.everyone && (!shown || !has_family(entry))) return;
    if (entry.may_be_absent || !shown || !has_family(entry) ||
        (!entry.everyone && !entry.exact && !peer.families))
        seen.unsure = true;
    else if (must_have(entry))
        report(What::Missing, entry).peers.push_back(peer.address);
    else
        seen.absent = true;
}

bool RouteComparison::has_family(const Entry& entry) const {
    const auto& families = peers_[*peer_].families;
    if (!families) return true;
    const std::string &kind = expected_.name(entry.kind), &family = expected_.name(entry.family);
    if (!family.empty()) return families->contains(family);
    return std::any_of(families->begin(), families->end(),
                       [&](const std::string& one) { return has_kind(one, kind); });
}

bool RouteComparison::must_have(const Entry& entry) const {
    if (!entry.everyone) return true;
    const RibPeer& peer = peers_[*peer_];
    // ExaBGP 6 shows nothing of a peer whose routes it does not remember.
    if (!peer.shown && families_.empty()) return false;
    const std::string& family = expected_.name(entry.family);
    if (family.empty()) return false;
    if (!peer.families) return families_.contains(family);
    return peer.families->contains(family) && peer.families->contains(other_family(family));
}

RouteFinding& RouteComparison::report(What what, const Entry& entry) {
    RouteFinding& finding = findings_.wrong.try_emplace(entry.number).first->second;
    const bool first = finding.nlri.empty();
    finding.nlri = *entry.nlri;
    // That it is nowhere to be found is the worst of what is wrong with a route.
    if (first || (what == What::Missing && finding.what != what)) {
        finding.what = what;
        finding.peers.clear();
    }
    if (what != What::Missing && finding.what == what && peer_)
        finding.peers.push_back(peers_[*peer_].address);
    return finding;
}

void RouteComparison::add_extra(const std::string& nlri, std::size_t times) {
    const auto prefix = key_of(nlri).prefix;
    if (prefix && expected_.made_by_split(*prefix)) return;
    for (; times > 0; --times) {
        if (findings_.extra.size() < RouteFindings::most_extra)
            findings_.extra.push_back({nlri, peers_[*peer_].address});
        else
            ++findings_.extra_beyond;
    }
}

void RouteComparison::conclude(Index index) {
    const Entry& entry = expected_.entries()[index];
    const Seen& seen = seen_[index];
    const bool missed = findings_.wrong.contains(entry.number);
    if (entry.withdrawn || (only_ && !seen.matched)) return;
    if (seen.matched && !seen.decides) return;  // others say all that there is to say
    ++findings_.routes;
    if (missed) return;
    if (!seen.matched && !ranges_ && (!entry.everyone || !peers_known_)) {
        report(peers_known_ ? What::NoSuchPeer : What::Missing, entry).peers =
            expected_.terms()[entry.terms].addresses();
        return;
    }
    if (seen.here) {
        if (seen.attributes_unsure && !expected_.attributes_of(entry).empty())
            ++findings_.attributes_not_compared;
    } else if (seen.absent && !seen.unsure) {
        report(What::Missing, entry);
    } else {
        ++findings_.not_compared[expected_.name(entry.kind)];
    }
}

RouteFindings RouteComparison::end() {
    finish_peer();
    for (std::size_t peer = 0; peer < peers_.size(); ++peer) {
        if (finished_[peer]) continue;
        begin(peer);
        finish_peer();
    }
    for (Index i = 0; i < expected_.entries().size(); ++i) conclude(i);
    return std::move(findings_);
}

RouteComparison::Presence RouteComparison::presence(Index index,
                                                    const RouteFindings& findings) const {
    const Seen& seen = seen_[index];
    if (!seen.decides) return Presence::Unknown;
    if (seen.as_announced) return seen.attributes_unsure ? Presence::Alike : Presence::There;
    const auto finding = findings.wrong.find(expected_.entries()[index].number);
    if (finding == findings.wrong.end()) return Presence::Unknown;
    const What what = finding->second.what;
    return what == What::Missing || what == What::Different ? Presence::Absent : Presence::Unknown;
}

}  // namespace exapulse::client
