// SPDX-License-Identifier: BSD-3-Clause
// NeighborSelector: the peers that a command is for, as ExaBGP reads it. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace exapulse::test {

/// `neighbor 192.0.2.1 local-as 65000 , neighbor 192.0.2.2 announce ...` taken apart as ExaBGP
/// does it.
struct NeighborSelector {
    /// All conditions of an alternative must hold. None, also as an alternative: every peer.
    std::vector<std::vector<std::string>> alternatives;
    std::string command;  ///< the rest of the line

    [[nodiscard]] static NeighborSelector extract(std::string_view line);

    /// The same for `peer [192.0.2.1, 192.0.2.2] announce ...`, the form of 6.0. `command` is the
    /// whole line if 6.0 expects no selector in it.
    [[nodiscard]] static NeighborSelector extract_peer(std::string_view line);

    /// `peer` is ExaBGP's name of it: `neighbor 127.0.0.1 local-ip ...`. 4.2.21 has no `neighbor
    /// *`.
    [[nodiscard]] bool matches(std::string_view peer, bool has_wildcard) const;
};

}  // namespace exapulse::test
