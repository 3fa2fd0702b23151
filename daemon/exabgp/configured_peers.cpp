// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/exabgp/configured_peers.hpp"

#include <algorithm>

#include "common/words.hpp"

namespace exapulse {

ConfiguredPeers::ConfiguredPeers(const std::vector<Peer>& peers) {
    for (const Peer& peer : peers) {
        Entry entry;
        const auto parts = words(peer.name);
        for (std::size_t i = 0; i + 1 < parts.size(); i += 2) {
            if (parts[i] == "neighbor") entry.address = parts[i + 1];
            if (const auto filter = parse_peer_filter(parts[i]))
                entry.values.at(static_cast<std::size_t>(*filter)) = parts[i + 1];
        }
        if (entry.address.empty()) continue;
        has_range_ = has_range_ || entry.address.find('/') != std::string::npos;
        by_address_[entry.address].push_back(peers_.size());
        peers_.push_back(std::move(entry));
    }
}

bool ConfiguredPeers::passes(const Entry& peer, const PeerTerm& term) {
    return std::all_of(term.filters.begin(), term.filters.end(), [&](const auto& filter) {
        return peer.values.at(static_cast<std::size_t>(filter.first)) == filter.second;
    });
}

ConfiguredPeers::Meant ConfiguredPeers::meant_by(const std::vector<PeerTerm>& terms) const {
    Meant meant;
    for (const PeerTerm& term : terms) {
        bool any = false;
        const auto take = [&](std::size_t peer) {
            if (!passes(peers_[peer], term)) return;
            any = true;
            meant.peers.push_back(peer);
        };
        if (term.any_address()) {
            for (std::size_t peer = 0; peer < peers_.size(); ++peer) take(peer);
        } else if (const auto found = by_address_.find(std::string(term.address));
                   found != by_address_.end()) {
            for (const std::size_t peer : found->second) take(peer);
        }
        if (!any) meant.nobody.push_back(&term);
    }
    std::sort(meant.peers.begin(), meant.peers.end());
    meant.peers.erase(std::unique(meant.peers.begin(), meant.peers.end()), meant.peers.end());
    return meant;
}

}  // namespace exapulse
