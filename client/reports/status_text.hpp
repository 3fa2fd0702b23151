// SPDX-License-Identifier: BSD-3-Clause
// status_text(): the answer to `sidecar status` on one screen. Pure, but for the local time zone.
#pragma once

#include <chrono>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "client/view/terminal.hpp"

namespace exapulse::client {

/// Several lines, the last one without LF. What is not known is left out or said to be unknown;
/// when ExaBGP is not up it ends with what to do next.
[[nodiscard]] std::string status_text(const nlohmann::json& status, const Style& style,
                                      std::chrono::system_clock::time_point now);

}  // namespace exapulse::client
