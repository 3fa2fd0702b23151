// SPDX-License-Identifier: BSD-3-Clause
// The JSON forms of ExaBGP's answers about its peers. Pure.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>
#include <vector>

#include "daemon/exabgp/peer.hpp"

namespace exapulse {

/// A longer one is no time that a clock can tell.
inline constexpr std::chrono::seconds longest_duration = std::chrono::hours(50L * 365 * 24);

/// Both go through the text without building what it describes, so they take memory for the peers
/// they find and nothing else; nullopt when it is not of that form, is nested deeper than ExaBGP
/// nests, or has more than most_peers.
[[nodiscard]] std::optional<std::vector<Peer>> read_status(std::string_view answer);
[[nodiscard]] std::optional<std::vector<Peer>> read_detail(std::string_view answer, WallTime now);

}  // namespace exapulse
