// SPDX-License-Identifier: BSD-3-Clause
// NeighborSelector: the peers that a command of ExaBGP 4.2 or 5.0 is for. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace exapulse::test {

/// `neighbor 192.0.2.1 local-as 65000 , neighbor 192.0.2.2 announce ...` taken apart as ExaBGP
/// does it.
struct NeighborSelector {
    /// Of each alternative all must hold. None: every peer.
    std::vector<std::vector<std::string>> alternatives;
    std::string command;  ///< what is left of the line

    [[nodiscard]] static NeighborSelector extract(std::string_view line);

    /// `peer` is ExaBGP's name of it: `neighbor 127.0.0.1 local-ip ...`. Only 5.0 has `neighbor *`.
    [[nodiscard]] bool matches(std::string_view peer, bool has_wildcard) const;
};

}  // namespace exapulse::test
