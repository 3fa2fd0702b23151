// SPDX-License-Identifier: BSD-3-Clause
// `exapulse watch`: the events of exapulsed, one after another.
#pragma once

#include "client/cli/arguments.hpp"

namespace exapulse::client {

struct SubcommandWords;

[[nodiscard]] Action watch_command(const SubcommandWords& words);

}  // namespace exapulse::client
