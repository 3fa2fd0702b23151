// SPDX-License-Identifier: BSD-3-Clause
// AccessReport: what `sidecar access` says. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "daemon/access/policy.hpp"

namespace exapulse {

/// One line of JSON without LF. `own_verbs` are those of exapulsed that the caller may use.
[[nodiscard]] std::string format_access(const Caller& caller, std::string_view user,
                                        const Grant& grant,
                                        const std::vector<std::string>& own_verbs);

}  // namespace exapulse
