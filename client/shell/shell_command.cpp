// SPDX-License-Identifier: BSD-3-Clause
#include "client/shell/shell_command.hpp"

#include "client/shell/shell.hpp"

namespace exapulse::client {

ExitCode shell_command(const Arguments& arguments, const ShellOptions& options) {
    return Shell(arguments, options).run();
}

}  // namespace exapulse::client
