// SPDX-License-Identifier: BSD-3-Clause
// Parses ExaBGP's JSON answers about its peers. Pure.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>
#include <vector>

#include "daemon/exabgp/peer.hpp"

namespace exapulse {

/// A longer one is not plausible.
inline constexpr std::chrono::seconds longest_duration = std::chrono::hours(50L * 365 * 24);

/// Both parse without building the JSON value, so they need memory only for the peers they find;
/// nullopt if the text is not in that format, is nested deeper than ExaBGP nests, or has more than
/// most_peers.
[[nodiscard]] std::optional<std::vector<Peer>> read_status(std::string_view answer);
[[nodiscard]] std::optional<std::vector<Peer>> read_detail(std::string_view answer, WallTime now);

}  // namespace exapulse
