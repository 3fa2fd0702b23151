// SPDX-License-Identifier: BSD-3-Clause
// `exapulse history --commands`: who sent which command, and how it ended.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "client/exchange/endpoint.hpp"
#include "client/exchange/exit_code.hpp"

namespace exapulse::client {

struct CommandHistoryOptions {
    std::optional<std::chrono::system_clock::time_point> since;  // nullopt: all there is
    std::string user;                                            // a name or a uid; empty: all
    std::string peer;                                            // an address; empty: all
    bool json = false;
    bool quiet = false;
};

/// Prints each record as it comes. Throws Unreachable.
[[nodiscard]] ExitCode show_command_history(const Endpoint& endpoint,
                                            const CommandHistoryOptions& options);

}  // namespace exapulse::client
