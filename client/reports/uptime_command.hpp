// SPDX-License-Identifier: BSD-3-Clause
// `exapulse uptime`: availability, from the history.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "client/cli/arguments.hpp"

namespace exapulse::client {

struct SubcommandWords;

/// What --peer takes instead of an address.
inline constexpr std::string_view every_peer = "all";

struct UptimeOptions {
    std::optional<std::chrono::system_clock::time_point> since;  // as HistoryOptions'
    std::optional<std::string> peer{};                           // an address, or every_peer
    bool json = false;
};

[[nodiscard]] Action uptime_command(const SubcommandWords& words);

}  // namespace exapulse::client
