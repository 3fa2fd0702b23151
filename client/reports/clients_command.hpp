// SPDX-License-Identifier: BSD-3-Clause
// `exapulse clients`: a table of those attached to exapulsed.
#pragma once

#include "client/cli/arguments.hpp"

namespace exapulse::client {

struct SubcommandWords;

struct ClientsOptions {
    bool json = false;
};

[[nodiscard]] Action clients_command(const SubcommandWords& words);

}  // namespace exapulse::client
