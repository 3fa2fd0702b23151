// SPDX-License-Identifier: BSD-3-Clause
// PeerSelector: whom a command of 6.0 is for, `peer SELECTOR announce ...`. Pure.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/exabgp/peer.hpp"

namespace exapulse {

/// 6.0 takes a command whose selector matches no peer for one without a selector, answers `done`
/// and carries it out on every peer (measured: `peer 9.9.9.9 announce`, `withdraw`, `teardown`).
/// Only the forms that name peers are selectors here, not `*`. `neighbor ...` of v4 is an error for
/// ExaBGP where it matches none, but `neighbor []` stands for every peer there, too.
class PeerSelector {
  public:
    /// nullopt when `line` names no peers.
    [[nodiscard]] static std::optional<PeerSelector> in(std::string_view line);

    /// As ExaBGP decides it (reactor/api/command/limit.py): every part of one of the alternatives
    /// is, as whole words, in the name of the peer.
    [[nodiscard]] bool matches(std::span<const Peer> peers) const;

    /// As it was written.
    [[nodiscard]] const std::string& text() const { return text_; }

  private:
    using Alternative = std::vector<std::string>;  // "neighbor 10.0.0.2", "peer-as 65002"
    std::vector<Alternative> alternatives_;
    std::string text_;
};

}  // namespace exapulse
