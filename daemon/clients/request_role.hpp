// SPDX-License-Identifier: BSD-3-Clause
// The role that a client's line needs, and what its verb is called. Pure.
#pragma once

#include <string>

#include "common/protocol.hpp"
#include "daemon/exabgp/request.hpp"

namespace exapulse {

/// None for a sidecar verb that does not exist: the answer to it says which do.
[[nodiscard]] Role role_for(const Request& request);

/// As exapulsed names it; of a line that it does not know, its first words.
[[nodiscard]] std::string verb_in(const Request& request);

}  // namespace exapulse
