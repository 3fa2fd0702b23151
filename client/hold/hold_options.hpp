// SPDX-License-Identifier: BSD-3-Clause
// The options of `exapulse hold`. Pure.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "client/events/watch_options.hpp"
#include "client/hold/health_check.hpp"
#include "client/run/session_settings.hpp"

namespace exapulse::client {

struct SubcommandWords;

struct HoldOptions {
    SessionSettings settings;            // a lease bound to the connection
    std::optional<std::string> command;  // one line; without a problem, as those of `down`
    std::optional<std::string> routes;   // a file of more
    std::vector<std::string> down;       // announced while the check fails
    std::optional<std::string> check;    // for /bin/sh
    CheckRules rules;
    std::chrono::milliseconds check_timeout{2'000};
    std::optional<std::string> exec;  // for /bin/sh
    std::chrono::milliseconds exec_timeout = default_exec_timeout;
    bool json = false;
};

/// Throws WrongUsage.
[[nodiscard]] HoldOptions read_hold_options(const SubcommandWords& words);

}  // namespace exapulse::client
