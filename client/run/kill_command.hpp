// SPDX-License-Identifier: BSD-3-Clause
// `exapulse kill`: cuts a client.
#pragma once

#include <cstdint>

#include "client/cli/arguments.hpp"

namespace exapulse::client {

struct SubcommandWords;

struct KillOptions {
    std::uint64_t id = 0;
};

[[nodiscard]] Action kill_command(const SubcommandWords& words);

}  // namespace exapulse::client
