// SPDX-License-Identifier: BSD-3-Clause
// `exapulse peers`: a table of ExaBGP's peers.
#pragma once

#include "client/arguments.hpp"
#include "client/exit_code.hpp"

namespace exapulse::client {

[[nodiscard]] ExitCode peers_command(const Arguments& arguments, const PeersOptions& options);

}  // namespace exapulse::client
