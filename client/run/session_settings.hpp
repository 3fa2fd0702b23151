// SPDX-License-Identifier: BSD-3-Clause
// SessionSettings: what a connection asks of exapulsed before it announces anything.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "client/exchange/answer.hpp"

namespace exapulse::client {

class DaemonConnection;

struct SessionSettings {
    bool keep = false;                                 // routes come back after a restart of ExaBGP
    std::optional<std::chrono::milliseconds> ttl{};    // of a lease, which keeps them as well
    std::optional<std::chrono::milliseconds> grace{};  // of a lease bound to the connection
    std::optional<std::string> owner{};                // that the routes bear
};

/// `text`, the value of `option`. Throws WrongUsage.
[[nodiscard]] std::chrono::milliseconds ttl_of(std::string_view option, const std::string& text);
[[nodiscard]] std::string owner_name_of(std::string_view option, const std::string& text);

/// The commands to exapulsed, in their order; empty: nothing is asked. Pure.
[[nodiscard]] std::vector<std::string> commands_of(const SessionSettings& settings);

/// Sends them. Anything but Done: exapulsed has refused one, or did not answer within `timeout`.
[[nodiscard]] Verdict ask_for(const SessionSettings& settings, DaemonConnection& connection,
                              std::chrono::milliseconds timeout);

}  // namespace exapulse::client
