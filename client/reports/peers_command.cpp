// SPDX-License-Identifier: BSD-3-Clause
#include "client/reports/peers_command.hpp"

#include "client/cli/subcommand_line.hpp"
#include "client/exchange/exit_code.hpp"
#include "client/exchange/question.hpp"
#include "client/reports/peers_text.hpp"
#include "client/view/terminal.hpp"

namespace exapulse::client {

namespace {

bool has_peers(const nlohmann::json& answer) {
    return answer.is_object() && answer.contains("peers") && answer["peers"].is_array();
}

ExitCode execute_peers(const Arguments& arguments, const PeersOptions& options) {
    const Reply reply = ask(arguments, "sidecar peers");
    nlohmann::json answer;
    if (const auto failed = failure_of(reply, arguments, has_peers, answer)) return *failed;
    if (arguments.quiet) return ExitCode::Done;
    if (options.json)
        print_answer(reply.lines.front());
    else
        print_line(
            peers_text(answer["peers"], style_of_stdout(), std::chrono::system_clock::now()));
    flush_output();
    return ExitCode::Done;
}

}  // namespace

Action peers_command(const SubcommandWords& words) {
    PeersOptions options;
    SubcommandLine line(words);
    line.bind("--json", options.json);
    line.read();
    return {options, execute_peers};
}

}  // namespace exapulse::client
