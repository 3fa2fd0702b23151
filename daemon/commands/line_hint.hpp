// SPDX-License-Identifier: BSD-3-Clause
// LineHint: suggests why ExaBGP answered `error` to a line without a reason. Pure.
#pragma once

#include <string>

#include "daemon/exabgp/request.hpp"

namespace exapulse {

/// The likely reason, if the line suggests one; empty otherwise. Only a hint: ExaBGP may accept the
/// line in another state or version.
[[nodiscard]] std::string hint_for(const Request& request);

}  // namespace exapulse
