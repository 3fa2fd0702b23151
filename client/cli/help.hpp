// SPDX-License-Identifier: BSD-3-Clause
// The texts of --help. Pure.
#pragma once

#include <string>

#include "client/cli/subcommands.hpp"

namespace exapulse::client {

/// What `exapulse --help` prints.
[[nodiscard]] std::string help_of_exapulse();

/// What `exapulse SUBCOMMAND --help` prints.
[[nodiscard]] std::string help_of(const Subcommand& subcommand);

}  // namespace exapulse::client
