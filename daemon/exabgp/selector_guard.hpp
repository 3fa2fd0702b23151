// SPDX-License-Identifier: BSD-3-Clause
// SelectorGuard: why a command would reach other peers than it names. Pure.
#pragma once

#include <string>
#include <string_view>

#include "common/peer_selector.hpp"
#include "daemon/exabgp/configured_peers.hpp"
#include "daemon/exabgp/dialect.hpp"

namespace exapulse {

/// What the guard says to a selector before the peers are known.
struct SelectorCheck {
    std::string problem;       ///< not empty: the command must not be written
    bool needs_peers = false;  ///< whether the peers decide
};

/// Of a selector that ExaBGP would misread, misapply or not take, with the line to use instead.
[[nodiscard]] SelectorCheck check_selector(const DialectRules& rules, const PeerSelector& selector);

/// With the peers that there are: a term that matches none of them, or filters after a `*`. Empty
/// when the command reaches exactly the peers it names.
[[nodiscard]] std::string check_peers(const DialectRules& rules, const PeerSelector& selector,
                                      const ConfiguredPeers& peers);

/// Whether ExaBGP itself says error to a selector that matches nobody, so that a command may be
/// written though the peers are not known.
[[nodiscard]] bool exabgp_checks(const DialectRules& rules, const PeerSelector& selector);

}  // namespace exapulse
