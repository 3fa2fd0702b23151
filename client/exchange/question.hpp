// SPDX-License-Identifier: BSD-3-Clause
// Question: one of exapulsed's own verbs asked, and its answer or what became of it.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "client/exchange/answer.hpp"
#include "client/exchange/endpoint.hpp"
#include "client/exchange/exit_code.hpp"

namespace exapulse::client {

struct Reply {
    std::vector<std::string> lines;
    Verdict verdict;
};

/// Throws Unreachable.
[[nodiscard]] Reply ask(const Endpoint& endpoint, std::string_view line);

/// As ask(), for an answer of any length: its lines go to `on_line` as they come.
[[nodiscard]] Verdict ask(const Endpoint& endpoint, std::string_view line,
                          const std::function<void(std::string_view)>& on_line);

/// For who presses TAB, and neither waits nor wants to read what is wrong: the lines of the answer;
/// nullopt where none came at once.
[[nodiscard]] std::optional<std::vector<std::string>> ask_in_passing(const std::string& socket,
                                                                     std::string_view line);

/// Says on stderr why a reply is none, and what to exit with; nullopt when it is one.
[[nodiscard]] std::optional<ExitCode> failure_of(const Verdict& verdict, const Endpoint& endpoint);
[[nodiscard]] std::optional<ExitCode> failure_of(const Reply& reply, const Endpoint& endpoint);

/// A line of JSON; a discarded value for any other.
[[nodiscard]] nlohmann::json parsed(const std::string& line);

/// As failure_of(), and the first line must be JSON of the kind `fits` wants: it is left in `json`.
[[nodiscard]] std::optional<ExitCode> failure_of(const Reply& reply, const Endpoint& endpoint,
                                                 bool (*fits)(const nlohmann::json&),
                                                 nlohmann::json& json);

}  // namespace exapulse::client
