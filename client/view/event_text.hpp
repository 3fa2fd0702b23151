// SPDX-License-Identifier: BSD-3-Clause
// event_text(): an event as people read it. Pure, but for the local time zone.
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

#include "client/view/terminal.hpp"

namespace exapulse::client {

/// One line, or several for a restart, without the last LF. Fields that are missing are left out;
/// an event of an unknown type is shown as it came.
[[nodiscard]] std::string event_text(const nlohmann::json& event, const Style& style);

}  // namespace exapulse::client
