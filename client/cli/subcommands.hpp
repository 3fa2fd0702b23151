// SPDX-License-Identifier: BSD-3-Clause
// Subcommands: the one table of subcommands, their options and handlers. From it the command line
// is parsed, --help is printed and shells complete.
#pragma once

#include <span>
#include <string_view>

#include "client/cli/arguments.hpp"
#include "client/cli/option_parser.hpp"

namespace exapulse::client {

struct SubcommandWords;

struct Subcommand {
    std::string_view name;
    std::string_view summary;  // one line, for the list of all
    std::string_view usage;    // lines, each after "exapulse "
    std::string_view text;     // what it does, at length
    std::span<const Option> options;
    std::string_view examples;  // lines
    /// Throws WrongUsage, or HelpWanted.
    Action (*read)(const SubcommandWords&) = nullptr;
    bool hidden = false;  // for programs, left out of the list
};

/// Every subcommand, in the order of the list.
[[nodiscard]] std::span<const Subcommand> subcommands();

/// nullptr when there is none of this name.
[[nodiscard]] const Subcommand* find_subcommand(std::string_view name);

/// Those allowed before the subcommand and among its own.
[[nodiscard]] std::span<const Option> global_options();

/// Those of the shell, without a subcommand.
[[nodiscard]] std::span<const Option> shell_options();

}  // namespace exapulse::client
