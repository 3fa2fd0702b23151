// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/peers/peer_index.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace exapulse {

namespace {

using Place = std::optional<std::size_t>;

Place place_of(const std::unordered_map<std::string, std::size_t>& places, const std::string& key) {
    const auto found = places.find(key);
    return found == places.end() ? std::nullopt : Place(found->second);
}

Place first_of(Place a, Place b) {
    if (!a || !b) return a ? a : b;
    return std::min(*a, *b);
}

std::string with_as(const Peer& peer) {
    return fmt::format("{} {}", peer.address, *peer.as);
}

}  // namespace

void PeerIndex::Addresses::add(const Peer& peer, std::size_t place) {
    any_.try_emplace(peer.address, place);
    if (peer.as)
        with_as_.try_emplace(with_as(peer), place);
    else
        without_as_.try_emplace(peer.address, place);
}

Place PeerIndex::Addresses::find(const Peer& wanted) const {
    if (!wanted.as) return place_of(any_, wanted.address);
    return first_of(place_of(without_as_, wanted.address), place_of(with_as_, with_as(wanted)));
}

PeerIndex::PeerIndex(const std::vector<Peer>& peers) {
    for (const Peer& peer : peers) add(peer);
}

void PeerIndex::add(const Peer& peer) {
    const std::size_t place = size_++;
    all_.add(peer, place);
    if (peer.name.empty())
        unnamed_.add(peer, place);
    else
        named_.try_emplace(peer.name, place);
}

Place PeerIndex::find(const Peer& wanted) const {
    if (wanted.name.empty()) return all_.find(wanted);
    return first_of(place_of(named_, wanted.name), unnamed_.find(wanted));
}

}  // namespace exapulse
