// SPDX-License-Identifier: BSD-3-Clause
// What exapulsed answers to `sidecar history`.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "client/exchange/endpoint.hpp"
#include "client/exchange/exit_code.hpp"
#include "common/protocol.hpp"

namespace exapulse::client {

struct HistoryAnswer {
    nlohmann::json header;            // an object with `from`, `now`, `state`, `uuid`, `complete`
    std::vector<std::string> events;  // a line of JSON each, oldest first
};

/// Events of `types` (empty: of every type) since `since` (nullopt: all there are).
/// Returns what to exit with where there is no answer, and has then said why.
[[nodiscard]] std::optional<ExitCode> ask_history(
    const Endpoint& endpoint, std::optional<std::chrono::system_clock::time_point> since,
    const std::vector<EventType>& types, HistoryAnswer& answer);

}  // namespace exapulse::client
