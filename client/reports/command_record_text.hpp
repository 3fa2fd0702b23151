// SPDX-License-Identifier: BSD-3-Clause
// command_record_text(): the record of a command as people read it. Pure, but for the time zone.
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

#include "client/view/terminal.hpp"

namespace exapulse::client {

/// One line, without LF: "11-23 21:36:00 done alice (exapulse, pid 8291): announce ... (1.2 ms)".
[[nodiscard]] std::string command_record_text(const nlohmann::json& record, const Style& style);

}  // namespace exapulse::client
