// SPDX-License-Identifier: BSD-3-Clause
// `exapulse routes`: what was announced through exapulsed, and what is to become of it.
#pragma once

#include "client/cli/arguments.hpp"

namespace exapulse::client {

struct SubcommandWords;

[[nodiscard]] Action routes_command(const SubcommandWords& words);

}  // namespace exapulse::client
