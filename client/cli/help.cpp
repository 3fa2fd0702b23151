// SPDX-License-Identifier: BSD-3-Clause
// --help, made from the table of subcommands.
#include "client/cli/help.hpp"

#include <algorithm>
#include <span>
#include <string_view>

#include <fmt/format.h>

#include "client/cli/option_parser.hpp"

namespace exapulse::client {

namespace {

std::string option_lines(std::span<const Option> options) {
    std::string text;
    for (const Option& option : options) {
        std::string left = option.letter == '\0' ? "" : fmt::format("-{}, ", option.letter);
        left += option.name;
        if (!option.value.empty()) left.append(" ").append(option.value);
        std::string_view help = option.help;
        while (true) {
            const auto end = help.find('\n');
            text += fmt::format("  {:<21} {}\n", left, help.substr(0, end));
            if (end == std::string_view::npos) break;
            help.remove_prefix(end + 1);
            left.clear();
        }
    }
    return text;
}

/// Every line of `lines` after `before`, the first one after `first`.
std::string lines_behind(std::string_view lines, std::string_view first, std::string_view before) {
    std::string text;
    for (std::string_view lead = first; !lines.empty(); lead = before) {
        const auto end = std::min(lines.find('\n'), lines.size());
        text += fmt::format("{}{}\n", lead, lines.substr(0, end));
        lines.remove_prefix(std::min(end + 1, lines.size()));
    }
    return text;
}

}  // namespace

std::string help_of_exapulse() {
    std::string text =
        "Talk to ExaBGP through exapulsed, which holds the only connection to it.\n\n"
        "Usage: exapulse [OPTIONS]                  the shell, on a terminal\n"
        "       exapulse [OPTIONS] SUBCOMMAND ...\n\n"
        "Subcommands (exapulse SUBCOMMAND --help has more and examples):\n";
    for (const Subcommand& subcommand : subcommands())
        if (!subcommand.hidden)
            text += fmt::format("  {:<9} {}\n", subcommand.name, subcommand.summary);
    text += "\nOptions, before or after the subcommand:\n";
    text += option_lines(global_options());
    text += option_lines(shell_options());
    text +=
        "\nExamples:\n"
        "  exapulse status\n"
        "  exapulse run show neighbor summary\n"
        "  exapulse watch --exit-on-failure\n\n"
        "Exit codes: 0 done, 1 ExaBGP said error, 2 usage, 3 outcome unknown, 4 not sent,\n"
        "5 denied, 6 busy or over a limit, 7 timed out, 8 exapulsed not reachable.\n"
        "See exapulse(1).\n";
    return text;
}

std::string help_of(const Subcommand& subcommand) {
    std::string text(subcommand.text);
    text += "\n" + lines_behind(subcommand.usage, "Usage: exapulse ", "       exapulse ");
    text += "\nOptions:\n" + option_lines(subcommand.options) + option_lines(global_options());
    text += "\nExamples:\n" + lines_behind(subcommand.examples, "  ", "  ");
    return text;
}

}  // namespace exapulse::client
