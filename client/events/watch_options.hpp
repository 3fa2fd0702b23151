// SPDX-License-Identifier: BSD-3-Clause
// WatchOptions: what `exapulse watch` is asked for.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/protocol.hpp"

namespace exapulse::client {

struct SubcommandWords;

/// How long the command of `watch --exec` may run. Long enough to announce many thousand routes.
inline constexpr std::chrono::milliseconds default_exec_timeout{300'000};

struct WatchOptions {
    std::vector<EventType> types;  // empty: every type
    bool json = false;
    std::optional<std::uint64_t> count;
    bool exit_on_failure = false;
    std::optional<std::string> exec{};  // for /bin/sh, once per event
    std::chrono::milliseconds exec_timeout = default_exec_timeout;
    std::optional<std::string> cursor{};  // a file; then `types` is not empty
    bool outlasts_exapulsed = false;      // attaches again when exapulsed stops

    /// The command is for each ExaBGP, not for each event.
    [[nodiscard]] bool follows_exabgp() const {
        return cursor && types == std::vector{EventType::Restarted};
    }
};

/// Throws WrongUsage and HelpWanted. Leaves outlasts_exapulsed as it is.
[[nodiscard]] WatchOptions read_watch_options(const SubcommandWords& words);

}  // namespace exapulse::client
