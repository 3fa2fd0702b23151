// SPDX-License-Identifier: BSD-3-Clause
// `exapulse uptime`: availability, from the history.
#pragma once

#include "client/arguments.hpp"
#include "client/exit_code.hpp"

namespace exapulse::client {

[[nodiscard]] ExitCode uptime_command(const Arguments& arguments, const UptimeOptions& options);

}  // namespace exapulse::client
