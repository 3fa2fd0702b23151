// SPDX-License-Identifier: BSD-3-Clause
#include "client/reports/access_command.hpp"

#include "client/cli/subcommand_line.hpp"
#include "client/exchange/exit_code.hpp"
#include "client/exchange/question.hpp"
#include "client/reports/access_text.hpp"
#include "client/view/terminal.hpp"

namespace exapulse::client {

namespace {

ExitCode carry_out(const Arguments& arguments, const AccessOptions& options) {
    const Reply reply = ask(arguments, "sidecar access");
    nlohmann::json access;
    const auto is_object = [](const nlohmann::json& answer) { return answer.is_object(); };
    if (const auto failed = failure_of(reply, arguments, is_object, access)) return *failed;
    if (arguments.quiet) return ExitCode::Done;
    if (options.json)
        print_answer(reply.lines.front());
    else
        print_line(access_text(access));
    flush_output();
    return ExitCode::Done;
}

}  // namespace

Action access_command(const SubcommandWords& words) {
    AccessOptions options;
    SubcommandLine line(words);
    line.bind("--json", options.json);
    line.read();
    return {options, carry_out};
}

}  // namespace exapulse::client
