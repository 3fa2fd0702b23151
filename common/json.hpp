// SPDX-License-Identifier: BSD-3-Clause
// JSON on its way out of a program. Pure.
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

namespace exapulse {

/// One line of JSON. Strings in `value` may come from anywhere: bytes that are not UTF-8 become
/// U+FFFD, where nlohmann's dump() alone would throw. Nothing else writes JSON.
[[nodiscard]] std::string json_text(const nlohmann::json& value);
[[nodiscard]] std::string json_text(const nlohmann::ordered_json& value);

}  // namespace exapulse
