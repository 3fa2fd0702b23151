// SPDX-License-Identifier: BSD-3-Clause
// `exapulse history`: the events that exapulsed remembers.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "client/cli/arguments.hpp"
#include "common/protocol.hpp"

namespace exapulse::client {

struct SubcommandWords;

struct HistoryOptions {
    std::optional<std::chrono::system_clock::time_point> since;  // nullopt: all there is
    std::vector<EventType> types;                                // empty: every type
    std::optional<std::string> peer{};                           // an address
    bool commands = false;
    std::optional<std::string> user{};  // of commands
    bool json = false;
};

[[nodiscard]] Action history_command(const SubcommandWords& words);

}  // namespace exapulse::client
