// SPDX-License-Identifier: BSD-3-Clause
// `exapulse watch`: the events of exapulsed, one after another.
#pragma once

#include "client/arguments.hpp"
#include "client/exit_code.hpp"

namespace exapulse::client {

[[nodiscard]] ExitCode watch_command(const Arguments& arguments, const WatchOptions& options);

}  // namespace exapulse::client
