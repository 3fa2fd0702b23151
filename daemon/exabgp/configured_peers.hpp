// SPDX-License-Identifier: BSD-3-Clause
// ConfiguredPeers: determines which of ExaBGP's peers a selector matches. Pure.
#pragma once

#include <array>
#include <cassert>
#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "common/peer_selector.hpp"
#include "daemon/exabgp/peer.hpp"

namespace exapulse {

/// The peers that routes can be announced to, under ExaBGP's names for them. A range
/// (`neighbor 192.0.2.0/24`) is one peer; on 4.2 and 5.0 the peers that connect from it do not
/// count, since announcements to them have no effect.
class ConfiguredPeers {
  public:
    ConfiguredPeers() = default;
    /// Only peers with a name count.
    explicit ConfiguredPeers(const std::vector<Peer>& peers);

    struct Meant {
        std::vector<std::size_t> peers;       ///< indices, ascending
        std::vector<const PeerTerm*> nobody;  ///< the terms that match no peer
    };
    /// The peers of all terms together, in any dialect. Addresses are compared as text, as ExaBGP
    /// does. Takes time linear in the terms, except for `*`.
    [[nodiscard]] Meant meant_by(const std::vector<PeerTerm>& terms) const;

    [[nodiscard]] std::size_t size() const { return peers_.size(); }
    [[nodiscard]] const std::string& address(std::size_t peer) const {
        assert(peer < peers_.size());
        return peers_[peer].address;
    }
    [[nodiscard]] bool has_range() const { return has_range_; }

  private:
    struct Entry {
        std::string address;
        std::array<std::string, peer_filter_count> values;  // empty: not known
    };
    [[nodiscard]] static bool passes(const Entry& peer, const PeerTerm& term);

    std::vector<Entry> peers_;
    std::unordered_map<std::string, std::vector<std::size_t>> by_address_;
    bool has_range_ = false;
};

}  // namespace exapulse
