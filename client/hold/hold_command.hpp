// SPDX-License-Identifier: BSD-3-Clause
// `exapulse hold`: routes that are announced for as long as this process lives and the check
// passes.
#pragma once

#include "client/cli/arguments.hpp"

namespace exapulse::client {

struct SubcommandWords;

[[nodiscard]] Action hold_command(const SubcommandWords& words);

}  // namespace exapulse::client
