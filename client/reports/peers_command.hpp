// SPDX-License-Identifier: BSD-3-Clause
// `exapulse peers`: a table of ExaBGP's peers.
#pragma once

#include "client/cli/arguments.hpp"

namespace exapulse::client {

struct SubcommandWords;

struct PeersOptions {
    bool json = false;
};

[[nodiscard]] Action peers_command(const SubcommandWords& words);

}  // namespace exapulse::client
