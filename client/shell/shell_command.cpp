// SPDX-License-Identifier: BSD-3-Clause
#include "client/shell/shell_command.hpp"

#include <csignal>
#include <cstdlib>

#include "client/shell/shell.hpp"

namespace exapulse::client {

ExitCode shell_command(const Arguments& arguments, const ShellOptions& options) {
    std::signal(SIGPIPE, SIG_IGN);  // a pager that is quit early must not end the shell
    std::signal(SIGINT, SIG_DFL);   // a key of the shell's, whatever our parent ignored
    // A terminal that nobody knows is treated as one that can do nothing, also by what is started.
    const char* term = std::getenv("TERM");
    if (term == nullptr || *term == '\0') setenv("TERM", "dumb", 1);
    return Shell(arguments, options).run();
}

}  // namespace exapulse::client
