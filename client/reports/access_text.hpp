// SPDX-License-Identifier: BSD-3-Clause
// access_text(): the answer to `sidecar access` as people read it. Pure.
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

namespace exapulse::client {

/// A few lines without the last LF.
[[nodiscard]] std::string access_text(const nlohmann::json& access);

}  // namespace exapulse::client
