// SPDX-License-Identifier: BSD-3-Clause
// `exapulse run`: commands to ExaBGP, answers to stdout, what failed to stderr.
#pragma once

#include "client/arguments.hpp"
#include "client/exit_code.hpp"

namespace exapulse::client {

[[nodiscard]] ExitCode run_command(const Arguments& arguments, const RunOptions& options);

}  // namespace exapulse::client
