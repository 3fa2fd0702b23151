// SPDX-License-Identifier: BSD-3-Clause
// `exapulse access`: what this user may do.
#pragma once

#include "client/cli/arguments.hpp"

namespace exapulse::client {

struct SubcommandWords;

struct AccessOptions {
    bool json = false;
};

[[nodiscard]] Action access_command(const SubcommandWords& words);

}  // namespace exapulse::client
