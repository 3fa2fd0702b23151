// SPDX-License-Identifier: BSD-3-Clause
// `exapulse status`: asks once and shows the answer.
#include "client/reports/status_command.hpp"

#include "client/cli/subcommand_line.hpp"
#include "client/exchange/exit_code.hpp"
#include "client/exchange/question.hpp"
#include "client/reports/status_question.hpp"
#include "client/reports/status_text.hpp"
#include "client/view/terminal.hpp"

namespace exapulse::client {

namespace {

ExitCode execute_status(const Arguments& arguments, const StatusOptions& options) {
    const Reply reply = ask_for_status(arguments);
    nlohmann::json status;
    const auto is_object = [](const nlohmann::json& answer) { return answer.is_object(); };
    if (const auto failed = failure_of(reply, arguments, is_object, status)) return *failed;
    if (arguments.quiet) return ExitCode::Done;
    if (options.json)
        print_answer(reply.lines.front());
    else
        print_line(status_text(status, style_of_stdout(), std::chrono::system_clock::now()));
    flush_output();
    return ExitCode::Done;
}

}  // namespace

Action status_command(const SubcommandWords& words) {
    StatusOptions options;
    SubcommandLine line(words);
    line.bind("--json", options.json);
    line.read();
    return {options, execute_status};
}

}  // namespace exapulse::client
