// SPDX-License-Identifier: BSD-3-Clause
// What `ready` and `check` say of a status. Pure, but for the time zone.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "client/reports/check_command.hpp"

namespace exapulse::client {

/// The exit codes of `exapulse ready`.
enum class Readiness { Up = 0, Degraded = 1, Down = 2, Unreachable = 3 };

/// Those of a monitoring plugin (monitoring-plugins.org, guidelines).
enum class PluginState { Ok = 0, Warning = 1, Critical = 2, Unknown = 3 };

/// `status` as `sidecar status` answers. An ExaBGP that is not reached yet, or unreachable, is
/// down.
[[nodiscard]] Readiness readiness_of(const nlohmann::json& status);

struct PluginResult {
    PluginState state;
    std::string line;
};

/// What exapulsed said of ExaBGP's peers.
struct PeersSeen {
    nlohmann::json peers;   // the array of `sidecar peers`
    std::string problem{};  // why there is none; empty: there is
};

/// Whether the peers matter, for `options` and the health in `status`.
[[nodiscard]] bool needs_peers(const nlohmann::json& status, const CheckOptions& options);

/// "EXABGP OK: up since ... | latency=0.0012s;0.5;2;0 ..." The first of a lost connection is a
/// warning: a reload looks so. It becomes critical when pings stay unanswered.
/// `peers` are those that needs_peers() asked for.
[[nodiscard]] PluginResult check_status(const nlohmann::json& status, const CheckOptions& options,
                                        std::chrono::system_clock::time_point now,
                                        const std::optional<PeersSeen>& peers = {});

/// The line where there is no status.
[[nodiscard]] PluginResult check_failed(PluginState state, std::string_view why);

/// One line about ExaBGP, the same for both.
[[nodiscard]] std::string health_in_words(const nlohmann::json& status,
                                          std::chrono::system_clock::time_point now);

}  // namespace exapulse::client
