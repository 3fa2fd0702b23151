// SPDX-License-Identifier: BSD-3-Clause
// RunResult: a command with its answer and verdict, as `run --json` prints it. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "client/exchange/answer.hpp"
#include "client/exchange/command_exchange.hpp"

namespace exapulse::client {

/// One line of JSON without LF. In `data` a line of the answer that is JSON is that JSON, another
/// one is text.
[[nodiscard]] std::string format_result(const Command& command, const Verdict& verdict,
                                        const std::vector<std::string>& data);

/// "done", "error", "not-sent", ...
[[nodiscard]] std::string_view verdict_name(ExitCode code);

}  // namespace exapulse::client
