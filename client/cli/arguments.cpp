// SPDX-License-Identifier: BSD-3-Clause
// The command line: global options, then a subcommand with its own options.
#include "client/cli/arguments.hpp"

#include <span>

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

/// For the callers of ready and check 3 is what can't be told.
UsageError usage_error(const Words& words, const char* what) {
    const std::size_t at = leading_options(words, joined(shell_options(), global_options()));
    const std::string subcommand = at < words.size() ? words[at] : "";
    const bool check = subcommand == "check";
    return {what, check || subcommand == "ready" ? 3 : 2, check};
}

Arguments parse(const Words& words, const CommandLineEnvironment& environment) {
    std::vector<Option> known = joined(shell_options(), global_options());
    const std::size_t own = leading_options(words, known);
    const auto middle = words.begin() + static_cast<std::ptrdiff_t>(own);
    const GivenOptions given = parse_options(Words(words.begin(), middle), known);
    if (given.has("--help")) throw HelpWanted{help_of_exapulse()};
    if (given.has("--version")) throw HelpWanted{"exapulse " EXAPULSE_VERSION "\n"};

    Arguments arguments;
    arguments.socket = socket_in(environment);
    take_global(arguments, given);
    if (middle != words.end()) {
        if (middle->starts_with('-')) refuse_option(*middle, "", known);
        if (given.has("--stay")) refuse("--stay is for the shell: exapulse --stay");
        if (*middle == "help") throw HelpWanted{help_on({middle + 1, words.end()})};
        const Subcommand& subcommand = named(*middle);
        arguments.action =
            subcommand.read({subcommand, std::span(words).subspan(own + 1), arguments});
    } else if (environment.on_terminal) {
        arguments.action = {ShellOptions{given.has("--stay")}, shell_command};
    } else {
        refuse(
            "no subcommand, and the shell needs a terminal; for commands from a pipe: exapulse "
            "run - (exapulse --help)");
    }
    check_socket(arguments.socket);
    return arguments;
}

}  // namespace

ParsedArguments parse_arguments(const std::vector<std::string>& words,
                                const CommandLineEnvironment& environment) {
    try {
        return parse(words, environment);
    } catch (const HelpWanted& help) {
        return Information{help.text};
    } catch (const WrongUsage& error) {
        return usage_error(words, error.what());
    }
}

}  // namespace exapulse::client
