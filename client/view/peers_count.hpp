// SPDX-License-Identifier: BSD-3-Clause
// peers_count(): how many peers are established, as people read it. Pure.
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

namespace exapulse::client {

/// "2 of 3 peers established"; `peers` is the array of an event or an answer.
[[nodiscard]] std::string peers_count(const nlohmann::json& peers);

/// Whether a peer of that array is.
[[nodiscard]] bool is_established(const nlohmann::json& peer);

}  // namespace exapulse::client
