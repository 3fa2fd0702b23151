// SPDX-License-Identifier: BSD-3-Clause
// `exapulse history`: the events that exapulsed remembers.
#pragma once

#include "client/arguments.hpp"
#include "client/exit_code.hpp"

namespace exapulse::client {

[[nodiscard]] ExitCode history_command(const Arguments& arguments, const HistoryOptions& options);

}  // namespace exapulse::client
