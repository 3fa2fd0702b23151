// SPDX-License-Identifier: BSD-3-Clause
// `exapulse kill`: cuts a client.
#pragma once

#include "client/arguments.hpp"
#include "client/exit_code.hpp"

namespace exapulse::client {

[[nodiscard]] ExitCode kill_command(const Arguments& arguments, const KillOptions& options);

}  // namespace exapulse::client
