// SPDX-License-Identifier: BSD-3-Clause
// `exapulse ready`: the state of ExaBGP as an exit code of 0 to 3, which are not ExitCode's.
#pragma once

#include "client/arguments.hpp"
#include "client/exit_code.hpp"

namespace exapulse::client {

[[nodiscard]] int ready_command(const Arguments& arguments, const ReadyOptions& options);

}  // namespace exapulse::client
