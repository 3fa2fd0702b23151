// SPDX-License-Identifier: BSD-3-Clause
// Points in time as people read them, in their time zone.
#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace exapulse::client {

using WallTime = std::chrono::system_clock::time_point;

/// "11-23 21:36:00".
[[nodiscard]] std::string local_time(WallTime time);

/// "3m 20s", none for what is still to come.
[[nodiscard]] std::string age_text(WallTime time, WallTime now);

/// "11-23 21:36:00 (3m 20s)", "-" when it is not known.
[[nodiscard]] std::string since_text(std::optional<WallTime> time, WallTime now);

}  // namespace exapulse::client
