// SPDX-License-Identifier: BSD-3-Clause
// HistoryAnswer: what exapulsed answers to `sidecar history`, line by line.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "client/exchange/endpoint.hpp"
#include "client/exchange/exit_code.hpp"
#include "common/protocol.hpp"

namespace exapulse::client {

struct HistoryQuestion {
    std::optional<std::chrono::system_clock::time_point> since{};  ///< nullopt: all there is
    std::vector<EventType> types{};                                ///< empty: every type
    std::optional<std::string> peer{};                             ///< only events of this peer
};

/// The line to exapulsed. Pure.
[[nodiscard]] std::string history_line(const HistoryQuestion& question);

struct HistoryReader {
    /// First, an object with `from`, `now`, `state`, `uuid`, `complete`.
    std::function<void(const nlohmann::json&)> on_header;
    /// Each event as it comes, a line of JSON, oldest first.
    std::function<void(std::string_view)> on_event;
};

/// Returns what to exit with where there is no answer, and has then said why. Keeps nothing of it.
[[nodiscard]] std::optional<ExitCode> ask_history(const Endpoint& endpoint,
                                                  const HistoryQuestion& question,
                                                  const HistoryReader& reader);

}  // namespace exapulse::client
