// SPDX-License-Identifier: BSD-3-Clause
#include "client/run/kill_command.hpp"

#include <unistd.h>

#include <fmt/format.h>

#include "client/cli/option_values.hpp"
#include "client/cli/subcommand_line.hpp"
#include "client/exchange/exit_code.hpp"
#include "client/exchange/question.hpp"
#include "client/view/terminal.hpp"

namespace exapulse::client {

namespace {

KillOptions kill_options(const SubcommandWords& words) {
    const Words id = SubcommandLine(words).read(1);
    if (id.empty()) refuse("kill needs the ID of a client; exapulse clients shows them");
    return {number_of("kill", id.front(), "the ID of a client")};
}

ExitCode execute_kill(const Arguments& arguments, const KillOptions& options) {
    const Reply reply = ask(arguments, fmt::format("sidecar kill {}", options.id));
    if (const auto failed = failure_of(reply, arguments)) return *failed;
    // As `run` does: silence would leave a person in doubt, a script has the exit code.
    if (!arguments.quiet && isatty(STDERR_FILENO) == 1)
        remark(fmt::format("client {} is disconnected", options.id));
    return ExitCode::Done;
}

}  // namespace

Action kill_command(const SubcommandWords& words) {
    return {kill_options(words), execute_kill};
}

}  // namespace exapulse::client
