// SPDX-License-Identifier: BSD-3-Clause
// `exapulse alive`: whether exapulsed itself answers, whatever the state of ExaBGP.
#pragma once

#include "client/cli/arguments.hpp"

namespace exapulse::client {

struct SubcommandWords;

[[nodiscard]] Action alive_command(const SubcommandWords& words);

}  // namespace exapulse::client
