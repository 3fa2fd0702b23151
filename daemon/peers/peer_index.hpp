// SPDX-License-Identifier: BSD-3-Clause
// PeerIndex: finds a peer from one answer in another. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "daemon/exabgp/peer.hpp"

namespace exapulse {

/// Two peers are the same if both have a name and their names are equal; if one has no name, their
/// addresses must be equal, and their AS if both have one. Finds in constant time, whatever the
/// names of the peers.
class PeerIndex {
  public:
    explicit PeerIndex(const std::vector<Peer>& peers);

    /// Adds the next peer of the list.
    void add(const Peer& peer);
    /// The index of the first that is the same peer.
    [[nodiscard]] std::optional<std::size_t> find(const Peer& wanted) const;

  private:
    /// The first index of each address, with and without an AS.
    class Addresses {
      public:
        void add(const Peer& peer, std::size_t place);
        [[nodiscard]] std::optional<std::size_t> find(const Peer& wanted) const;

      private:
        std::unordered_map<std::string, std::size_t> any_, without_as_, with_as_;
    };

    std::size_t size_ = 0;
    std::unordered_map<std::string, std::size_t> named_;
    Addresses all_, unnamed_;
};

}  // namespace exapulse
