// SPDX-License-Identifier: BSD-3-Clause
// `exapulse complete`: what the scripts in packaging/completion ask when TAB is pressed.
#include "client/completion/complete_command.hpp"

#include <fmt/format.h>

#include "client/cli/subcommand_line.hpp"
#include "client/completion/completion.hpp"
#include "client/completion/live_names.hpp"
#include "client/exchange/exit_code.hpp"
#include "client/view/terminal.hpp"
#include "common/socket_path.hpp"

namespace exapulse::client {

namespace {

/// The one that the line being typed names, else the one that this command would use.
std::string socket_of(const TypedLine& line, const Arguments& arguments) {
    std::string socket = arguments.socket;
    if (const auto path = line.given.find("--socket"); path != line.given.end())
        socket = path->second;
    if (const auto name = line.given.find("--instance"); name != line.given.end())
        socket = instance_socket_path(name->second);
    return socket_path_problem(socket) ? std::string(default_socket_path) : socket;
}

ExitCode execute_complete(const Arguments& arguments, const CompleteOptions& options) {
    const TypedLine line = read_typed_line(options.words);
    fmt::print("{}", completion_lines(complete(line, live_names(socket_of(line, arguments)))));
    flush_output();
    return ExitCode::Done;
}

}  // namespace

// The words are those of another command line, and none of this one's options.
Action complete_command(const SubcommandWords& words) {
    auto typed = words.words;
    if (!typed.empty() && typed.front() == "--") typed = typed.subspan(1);
    return {CompleteOptions{{typed.begin(), typed.end()}}, execute_complete};
}

}  // namespace exapulse::client
