// SPDX-License-Identifier: BSD-3-Clause
#include "client/reports/clients_command.hpp"

#include "client/cli/subcommand_line.hpp"
#include "client/exchange/exit_code.hpp"
#include "client/exchange/question.hpp"
#include "client/reports/clients_text.hpp"
#include "client/view/terminal.hpp"

namespace exapulse::client {

namespace {

ExitCode execute_clients(const Arguments& arguments, const ClientsOptions& options) {
    const Reply reply = ask(arguments, "sidecar clients");
    nlohmann::json clients;
    const auto is_array = [](const nlohmann::json& answer) { return answer.is_array(); };
    if (const auto failed = failure_of(reply, arguments, is_array, clients)) return *failed;
    if (arguments.quiet) return ExitCode::Done;
    if (options.json)
        print_answer(reply.lines.front());
    else
        print_line(clients_text(clients, style_of_stdout(), std::chrono::system_clock::now()));
    flush_output();
    return ExitCode::Done;
}

}  // namespace

Action clients_command(const SubcommandWords& words) {
    ClientsOptions options;
    SubcommandLine line(words);
    line.bind("--json", options.json);
    line.read();
    return {options, execute_clients};
}

}  // namespace exapulse::client
