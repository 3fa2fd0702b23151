// SPDX-License-Identifier: BSD-3-Clause
// peers_text(): the answer to `sidecar peers` as people read it. Pure, but for the time zone.
#pragma once

#include <chrono>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "client/view/terminal.hpp"

namespace exapulse::client {

/// A table and a line with the count, without the last LF. What ExaBGP does not report is "-".
[[nodiscard]] std::string peers_text(const nlohmann::json& peers, const Style& style,
                                     std::chrono::system_clock::time_point now);

}  // namespace exapulse::client
