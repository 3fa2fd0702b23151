// SPDX-License-Identifier: BSD-3-Clause
// GlobalOptions: the options that may come before a subcommand or among its own. Pure.
#pragma once

#include <optional>
#include <string>

#include "client/cli/arguments.hpp"
#include "client/cli/option_parser.hpp"

namespace exapulse::client {

/// As given in one of the two places.
struct GlobalOptions {
    std::optional<std::string> socket, instance, timeout;
    bool quiet = false;
};

/// Binds all but --help. `parser` knows them; `options` must outlive it.
void bind(OptionParser& parser, GlobalOptions& options);

/// Takes over what was given. Throws WrongUsage.
void apply(const GlobalOptions& options, Arguments& arguments);

/// Throws WrongUsage for a path that no socket can have.
void check_socket(const std::string& path);

}  // namespace exapulse::client
