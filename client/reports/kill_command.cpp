// SPDX-License-Identifier: BSD-3-Clause
#include "client/reports/kill_command.hpp"

#include <unistd.h>

#include <fmt/format.h>

#include "client/exchange/question.hpp"
#include "client/view/terminal.hpp"

namespace exapulse::client {

ExitCode kill_command(const Arguments& arguments, const KillOptions& options) {
    const Reply reply = ask(arguments, fmt::format("sidecar kill {}", options.id));
    if (const auto failed = failure_of(reply, arguments)) return *failed;
    // As `run` does: silence would leave a person in doubt, a script has the exit code.
    if (!arguments.quiet && isatty(STDERR_FILENO) == 1)
        remark(fmt::format("client {} is cut", options.id));
    return ExitCode::Done;
}

}  // namespace exapulse::client
