// SPDX-License-Identifier: BSD-3-Clause
// LineHint: why ExaBGP may have said `error` to a line, and no more. Pure.
#pragma once

#include <string>

#include "daemon/exabgp/request.hpp"

namespace exapulse {

/// The likely reason, where the line shows one; empty otherwise. ExaBGP decides: the line may be
/// what it accepts in another state or version.
[[nodiscard]] std::string hint_for(const Request& request);

}  // namespace exapulse
