// SPDX-License-Identifier: BSD-3-Clause
// `exapulse uptime`: availability, from the history.
#pragma once

#include <chrono>
#include <optional>

#include "client/cli/arguments.hpp"

namespace exapulse::client {

struct SubcommandWords;

struct UptimeOptions {
    std::optional<std::chrono::system_clock::time_point> since;  // as HistoryOptions'
    bool json = false;
};

[[nodiscard]] Action uptime_command(const SubcommandWords& words);

}  // namespace exapulse::client
