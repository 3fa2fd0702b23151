// SPDX-License-Identifier: BSD-3-Clause
// RibPeer: a peer of ExaBGP, and which routes its Adj-RIB-Out can have. Pure.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace exapulse::client {

struct RibPeer {
    std::string address;
    /// As its name in a selector has them, "peer-as" and "65001"; nullopt: not known.
    std::optional<std::vector<std::pair<std::string, std::string>>> filters{};
    std::optional<std::set<std::string>> families{};  // "ipv4 unicast"; nullopt: not known
    std::optional<bool> shown{};  // ExaBGP remembers its routes (`adj-rib-out`); nullopt: not known
};

/// A peer by ExaBGP's name for it, "neighbor 192.0.2.1 local-ip ...", or by its address.
[[nodiscard]] RibPeer peer_named(std::string_view name);

/// The same address, and no filter that says otherwise.
[[nodiscard]] bool same_peer(const RibPeer& a, const RibPeer& b);

/// Reads the lines of 4.2's and 5.0's `show neighbor configuration`.
class ConfigurationReader {
  public:
    void read(std::string_view line);
    [[nodiscard]] std::vector<RibPeer> take() { return std::move(peers_); }

  private:
    std::vector<RibPeer> peers_;
    bool in_families_ = false;
};

/// The answer to ExaBGP 6's `peer show`, which is one line; nullopt: it is none, or was cut.
[[nodiscard]] std::optional<std::vector<RibPeer>> read_peer_show(std::string_view line);

/// The peers of one entry of the ledger: "*", or terms with commas between them.
class PeerTerms {
  public:
    enum class Match { No, Yes, Perhaps };

    explicit PeerTerms(std::string_view text);
    [[nodiscard]] bool everyone() const { return terms_.empty(); }
    [[nodiscard]] Match match(const RibPeer& peer) const;
    [[nodiscard]] std::vector<std::string> addresses() const;

  private:
    std::vector<RibPeer> terms_;
};

}  // namespace exapulse::client
