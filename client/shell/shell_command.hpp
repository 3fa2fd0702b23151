// SPDX-License-Identifier: BSD-3-Clause
// `exapulse` alone: the shell.
#pragma once

#include "client/cli/arguments.hpp"
#include "client/exchange/exit_code.hpp"

namespace exapulse::client {

/// `exapulse` alone, on a terminal.
struct ShellOptions {
    bool stay = false;  // does not end when ExaBGP has failed
};

[[nodiscard]] ExitCode shell_command(const Arguments& arguments, const ShellOptions& options);

}  // namespace exapulse::client
