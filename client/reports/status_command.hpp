// SPDX-License-Identifier: BSD-3-Clause
// `exapulse status`: how ExaBGP and exapulsed are.
#pragma once

#include "client/arguments.hpp"
#include "client/exit_code.hpp"

namespace exapulse::client {

[[nodiscard]] ExitCode status_command(const Arguments& arguments, const StatusOptions& options);

}  // namespace exapulse::client
