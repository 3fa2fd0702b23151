// SPDX-License-Identifier: BSD-3-Clause
// `exapulse ready`: the state of ExaBGP as an exit code of 0 to 3, which are not ExitCode's.
#pragma once

#include "client/cli/arguments.hpp"

namespace exapulse::client {

struct SubcommandWords;

[[nodiscard]] Action ready_command(const SubcommandWords& words);

}  // namespace exapulse::client
