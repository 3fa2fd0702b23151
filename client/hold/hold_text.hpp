// SPDX-License-Identifier: BSD-3-Clause
// What `exapulse hold` says of a change. Pure.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "client/hold/hold_state.hpp"

namespace exapulse::client {

// `notice` is of the kind Reached; `reason`: why its goal was set, may be empty.

/// "announced 2 routes"; empty: there is nothing to say.
[[nodiscard]] std::string hold_text(const HoldNotice& notice, const std::string& reason);

/// The same as one line of JSON.
[[nodiscard]] std::string hold_json(const HoldNotice& notice, const std::string& reason,
                                    std::chrono::system_clock::time_point now);

/// What the command of --exec finds in its environment.
[[nodiscard]] std::vector<std::string> hold_environment(HoldGoal goal, const std::string& reason,
                                                        const std::string& socket);

}  // namespace exapulse::client
