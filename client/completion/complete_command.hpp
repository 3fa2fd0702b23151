// SPDX-License-Identifier: BSD-3-Clause
// `exapulse complete`: what the shells' completions ask.
#pragma once

#include "client/arguments.hpp"
#include "client/exit_code.hpp"

namespace exapulse::client {

[[nodiscard]] ExitCode complete_command(const Arguments& arguments, const CompleteOptions& options);

}  // namespace exapulse::client
