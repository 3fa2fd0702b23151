// SPDX-License-Identifier: BSD-3-Clause
// Names that only exapulsed and this host know, for completion.
#pragma once

#include <string>

#include "client/completion/completion.hpp"

namespace exapulse::client {

/// Asks the exapulsed at `socket`, briefly: who presses TAB neither waits for one that is silent
/// nor reads what is wrong with it.
[[nodiscard]] LiveNames live_names(const std::string& socket);

}  // namespace exapulse::client
