// SPDX-License-Identifier: BSD-3-Clause
// `exapulse alive`: whether exapulsed itself answers, whatever the state of ExaBGP.
#pragma once

#include "client/arguments.hpp"
#include "client/exit_code.hpp"

namespace exapulse::client {

/// Done when exapulsed answered in time. Throws Unreachable.
[[nodiscard]] ExitCode alive_command(const Arguments& arguments, const AliveOptions& options);

}  // namespace exapulse::client
