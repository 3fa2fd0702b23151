// SPDX-License-Identifier: BSD-3-Clause
// JSON output. Pure.
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

namespace exapulse {

/// One line of JSON. Strings in `value` need not be valid: bytes that are not UTF-8 become U+FFFD
/// (nlohmann's dump() would throw). All JSON is written by these.
[[nodiscard]] std::string json_text(const nlohmann::json& value);
[[nodiscard]] std::string json_text(const nlohmann::ordered_json& value);

}  // namespace exapulse
