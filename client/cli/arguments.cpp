// SPDX-License-Identifier: BSD-3-Clause
// The command line: global options, then a subcommand with its own options.
#include "client/cli/arguments.hpp"

#include <span>

#include "client/cli/global_options.hpp"
#include "client/cli/help.hpp"
#include "client/cli/option_parser.hpp"
#include "client/cli/option_values.hpp"
#include "client/cli/subcommand_line.hpp"
#include "client/cli/subcommands.hpp"
#include "client/shell/shell_command.hpp"
#include "common/socket_path.hpp"

namespace exapulse::client {

namespace {

std::string socket_in(const CommandLineEnvironment& environment) {
    const auto is_set = [](const char* value) { return value != nullptr && *value != '\0'; };
    if (is_set(environment.socket)) return environment.socket;
    if (!is_set(environment.instance)) return std::string(default_socket_path);
    if (const auto problem = instance_name_problem(environment.instance))
        refuse("EXAPULSE_INSTANCE: {}", *problem);
    return instance_socket_path(environment.instance);
}

const Subcommand& named(const std::string& name) {
    if (const Subcommand* subcommand = find_subcommand(name)) return *subcommand;
    std::vector<std::string_view> names;
    for (const Subcommand& other : subcommands())
        if (!other.hidden) names.push_back(other.name);
    refuse("there is no subcommand {}{} (exapulse --help)", name, suggestion(name, names));
}

/// Of `exapulse help` and `exapulse help SUBCOMMAND`.
std::string help_on(const Words& words) {
    return words.empty() ? help_of_exapulse() : help_of(named(words.front()));
}

/// `subcommand` becomes the one that is named, as soon as that is known.
Arguments parse(const Words& words, const CommandLineEnvironment& environment,
                std::string& subcommand) {
    OptionParser parser(joined(shell_options(), global_options()));
    GlobalOptions global;
    ShellOptions shell;
    bind(parser, global);
    parser.bind("--stay", shell.stay);
    parser.on("--help", [] { throw HelpWanted{help_of_exapulse()}; });
    parser.on("--version", [] { throw HelpWanted{"exapulse " EXAPULSE_VERSION "\n"}; });
    const Words rest = parser.parse_leading(words);
    if (!rest.empty()) subcommand = rest.front();

    Arguments arguments;
    arguments.socket = socket_in(environment);
    apply(global, arguments);
    if (!rest.empty()) {
        if (subcommand.starts_with('-')) refuse_option(subcommand, "", parser.known());
        if (shell.stay) refuse("--stay is for the shell: exapulse --stay");
        if (subcommand == "help") throw HelpWanted{help_on({rest.begin() + 1, rest.end()})};
        const Subcommand& row = named(subcommand);
        arguments.action = row.read({row, std::span(rest).subspan(1), arguments});
    } else if (environment.on_terminal) {
        arguments.action = {shell, shell_command};
    } else {
        refuse(
            "no subcommand, and the shell needs a terminal; for commands from a pipe: exapulse "
            "run - (exapulse --help)");
    }
    check_socket(arguments.socket);
    return arguments;
}

/// For the callers of ready and check, 3 is unknown.
UsageError usage_error(std::string_view subcommand, const char* what) {
    const bool check = subcommand == "check";
    return {what, check || subcommand == "ready" ? 3 : 2, check};
}

}  // namespace

ParsedArguments parse_arguments(const std::vector<std::string>& words,
                                const CommandLineEnvironment& environment) {
    std::string subcommand;
    try {
        return parse(words, environment, subcommand);
    } catch (const HelpWanted& help) {
        return Information{help.text};
    } catch (const WrongUsage& error) {
        return usage_error(subcommand, error.what());
    }
}

}  // namespace exapulse::client
