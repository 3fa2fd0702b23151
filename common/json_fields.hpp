// SPDX-License-Identifier: BSD-3-Clause
// Reading exapulsed's JSON: a field that is absent, null or of another type is unknown. Pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "common/protocol.hpp"

namespace exapulse {

/// A string field of `object`, made printable().
[[nodiscard]] std::optional<std::string> text_field(const nlohmann::json& object, const char* key);

[[nodiscard]] std::optional<std::int64_t> number_field(const nlohmann::json& object,
                                                       const char* key);

[[nodiscard]] std::optional<bool> flag_field(const nlohmann::json& object, const char* key);

/// For a table cell: "-" if there is no such number.
[[nodiscard]] std::string number_or_dash(const nlohmann::json& object, const char* key);

/// A number that may have a fraction, such as a latency.
[[nodiscard]] std::optional<double> real_field(const nlohmann::json& object, const char* key);

[[nodiscard]] std::optional<std::chrono::system_clock::time_point> time_field(
    const nlohmann::json& object, const char* key);

/// The field `state` of an event or of a status.
[[nodiscard]] std::optional<HealthState> health_field(const nlohmann::json& object);

/// The object in `key`; an empty one if there is none.
[[nodiscard]] nlohmann::json object_field(const nlohmann::json& object, const char* key);

}  // namespace exapulse
