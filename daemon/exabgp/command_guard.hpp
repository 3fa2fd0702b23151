// SPDX-License-Identifier: BSD-3-Clause
// CommandGuard: what must not be written to the ExaBGP that is there, and why. Pure.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/exabgp/dialect.hpp"
#include "daemon/exabgp/request.hpp"

namespace exapulse {

/// Why the line must not be written to an ExaBGP of this dialect; empty when it may. Decided when
/// the line's turn comes: only then is it known which ExaBGP will read it. `unguarded` names the
/// dangers that are let through, as commands.unguarded does.
[[nodiscard]] std::string guard_against(const DialectRules& rules, const Request& request,
                                        std::span<const std::string> unguarded);

/// Whether the command changes nothing, so that it may be repeated whatever became of it.
[[nodiscard]] bool only_reads(const DialectRules& rules, const Request& request);

/// Every name that commands.unguarded may hold.
[[nodiscard]] std::vector<std::string_view> guard_names();

}  // namespace exapulse
