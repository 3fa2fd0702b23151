// SPDX-License-Identifier: BSD-3-Clause
// `exapulse status`: asks once and shows the answer.
#include "client/status_command.hpp"

#include <nlohmann/json.hpp>

#include "client/command_exchange.hpp"
#include "client/command_pump.hpp"
#include "client/connect_problem.hpp"
#include "client/daemon_connection.hpp"
#include "client/status_text.hpp"
#include "client/terminal.hpp"

namespace exapulse::client {

namespace {

struct Asked {
    std::string answer;
    Verdict verdict;
};

Asked ask_status(const std::string& socket, std::chrono::milliseconds timeout) {
    DaemonConnection connection(socket, timeout);
    Asked asked;
    asked.verdict = {ExitCode::Unreachable, "exapulsed closed the connection without a word"};
    CommandExchange exchange(
        [&](std::string_view line) { asked.answer = line; },
        [&](const Command&, const Verdict& verdict) { asked.verdict = verdict; });
    exchange.add({"sidecar status"});
    (void)pump(connection, exchange, nullptr, timeout);
    return asked;
}

}  // namespace

ExitCode status_command(const Arguments& arguments, const StatusOptions& options) {
    const auto [answer, verdict] =
        ask_status(arguments.socket, arguments.timeout.value_or(default_timeout));
    const auto status = nlohmann::json::parse(answer, nullptr, false);
    const bool foreign = verdict.code == ExitCode::ExabgpError ||
                         (verdict.code == ExitCode::Done && !status.is_object());
    if (foreign) {
        complain(foreign_socket(arguments.socket));
        return ExitCode::Unreachable;
    }
    if (verdict.code != ExitCode::Done) {
        complain(verdict.text);
        return verdict.code;
    }
    if (options.json)
        print_line(answer);
    else
        print_line(status_text(status, style_of_stdout(), std::chrono::system_clock::now()));
    flush_output();
    return ExitCode::Done;
}

}  // namespace exapulse::client
