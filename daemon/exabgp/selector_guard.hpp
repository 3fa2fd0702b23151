// SPDX-License-Identifier: BSD-3-Clause
// SelectorGuard: refuses commands that would reach other peers than they name. Pure.
#pragma once

#include <string>
#include <string_view>

#include "common/peer_selector.hpp"
#include "daemon/exabgp/configured_peers.hpp"
#include "daemon/exabgp/dialect.hpp"

namespace exapulse {

/// The check of a selector before the peers are known.
struct SelectorCheck {
    std::string problem;       ///< not empty: the command must not be written
    bool needs_peers = false;  ///< whether check_peers() must decide
};

/// Finds a selector that ExaBGP would misread, misapply or reject, and the line to use instead.
[[nodiscard]] SelectorCheck check_selector(const DialectRules& rules, const PeerSelector& selector);

/// Finds a term that matches none of the peers, or filters after a `*`. Empty if the command
/// reaches exactly the peers it names.
[[nodiscard]] std::string check_peers(const DialectRules& rules, const PeerSelector& selector,
                                      const ConfiguredPeers& peers);

/// Whether ExaBGP itself answers error to a selector that matches nobody, so that the command may
/// be written although the peers are unknown.
[[nodiscard]] bool exabgp_checks(const DialectRules& rules, const PeerSelector& selector);

}  // namespace exapulse
