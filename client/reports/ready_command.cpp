// SPDX-License-Identifier: BSD-3-Clause
#include "client/reports/ready_command.hpp"

#include "client/cli/subcommand_line.hpp"
#include "client/exchange/daemon_connection.hpp"
#include "client/exchange/exit_code.hpp"
#include "client/exchange/question.hpp"
#include "client/reports/check_report.hpp"
#include "client/reports/status_question.hpp"
#include "client/view/terminal.hpp"

namespace exapulse::client {

namespace {

int tell(const Arguments& arguments, Readiness readiness, const std::string& text) {
    if (!arguments.quiet) print_line(text);
    flush_output();
    return static_cast<int>(readiness);
}

int execute_ready(const Arguments& arguments, const NoOptions& /*options*/) {
    try {
        const Reply reply =
            ask_for_status({arguments.socket, arguments.timeout.value_or(probe_timeout)});
        const auto status = reply.lines.empty() ? nlohmann::json() : parsed(reply.lines.front());
        if (reply.verdict.code == ExitCode::Done && status.is_object())
            return tell(arguments, readiness_of(status),
                        health_in_words(status, std::chrono::system_clock::now()));
        return tell(arguments, Readiness::Unreachable,
                    reply.verdict.text.empty() ? "exapulsed sends no status" : reply.verdict.text);
    } catch (const Unreachable& error) {
        return tell(arguments, Readiness::Unreachable, error.what());
    }
}

}  // namespace

Action ready_command(const SubcommandWords& words) {
    SubcommandLine(words).read();
    return {NoOptions{}, execute_ready};
}

}  // namespace exapulse::client
