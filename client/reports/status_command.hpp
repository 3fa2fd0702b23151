// SPDX-License-Identifier: BSD-3-Clause
// `exapulse status`: how ExaBGP and exapulsed are.
#pragma once

#include "client/cli/arguments.hpp"

namespace exapulse::client {

struct SubcommandWords;

struct StatusOptions {
    bool json = false;
};

[[nodiscard]] Action status_command(const SubcommandWords& words);

}  // namespace exapulse::client
