// SPDX-License-Identifier: BSD-3-Clause
// peers_uptime_text(): the answer to `sidecar uptime` as people read it. Pure, but for the time
// zone.
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "client/view/terminal.hpp"

namespace exapulse::client {

/// A table of several peers, or a few lines about a single one, without the last LF. `header` is
/// the first line of the answer; there is one peer at least.
[[nodiscard]] std::string peers_uptime_text(const nlohmann::json& header,
                                            const std::vector<nlohmann::json>& peers,
                                            const Style& style);

}  // namespace exapulse::client
