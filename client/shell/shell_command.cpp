// SPDX-License-Identifier: BSD-3-Clause
#include "client/shell/shell_command.hpp"

#include <csignal>

#include "client/shell/shell.hpp"

namespace exapulse::client {

ExitCode shell_command(const Arguments& arguments, const ShellOptions& options) {
    std::signal(SIGPIPE, SIG_IGN);  // a pager that is quit early must not end the shell
    return Shell(arguments, options).run();
}

}  // namespace exapulse::client
