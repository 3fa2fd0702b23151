// SPDX-License-Identifier: BSD-3-Clause
// recorder_text(): a record of exapulsed's flight recorder as people read it. Pure, but for the
// time zone.
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

#include "client/view/terminal.hpp"

namespace exapulse::client {

/// One line, without LF: "11-23 21:36:00.123456 > 3/17 announce route ...".
[[nodiscard]] std::string recorder_text(const nlohmann::json& record, const Style& style);

}  // namespace exapulse::client
