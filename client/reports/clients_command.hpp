// SPDX-License-Identifier: BSD-3-Clause
// `exapulse clients`: a table of those attached to exapulsed.
#pragma once

#include "client/arguments.hpp"
#include "client/exit_code.hpp"

namespace exapulse::client {

[[nodiscard]] ExitCode clients_command(const Arguments& arguments, const ClientsOptions& options);

}  // namespace exapulse::client
