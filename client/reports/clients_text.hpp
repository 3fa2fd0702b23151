// SPDX-License-Identifier: BSD-3-Clause
// clients_text(): the answer to `sidecar clients` as people read it. Pure, but for the time zone.
#pragma once

#include <chrono>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "client/view/terminal.hpp"

namespace exapulse::client {

/// A table and a line with the count, without the last LF. What a client has not said is "-".
[[nodiscard]] std::string clients_text(const nlohmann::json& clients, const Style& style,
                                       std::chrono::system_clock::time_point now);

}  // namespace exapulse::client
