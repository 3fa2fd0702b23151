// SPDX-License-Identifier: BSD-3-Clause
// `exapulse wait`: returns when ExaBGP or a peer is as asked.
#pragma once

#include "client/arguments.hpp"
#include "client/exit_code.hpp"

namespace exapulse::client {

[[nodiscard]] ExitCode wait_command(const Arguments& arguments, const WaitOptions& options);

}  // namespace exapulse::client
