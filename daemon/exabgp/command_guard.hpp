// SPDX-License-Identifier: BSD-3-Clause
// CommandGuard: decides which lines must not be written to the connected ExaBGP, and why. Pure.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/exabgp/dialect.hpp"
#include "daemon/exabgp/request.hpp"

namespace exapulse {

/// Why the line must not be written to an ExaBGP of this dialect; empty if it may. Call when it is
/// the line's turn: only then is it known which ExaBGP will read it. `unguarded` names the unsafe
/// commands to allow, as in commands.unguarded.
[[nodiscard]] std::string guard_against(const DialectRules& rules, const Request& request,
                                        std::span<const std::string> unguarded);

/// Whether the command changes nothing, so that it may be repeated whatever its outcome.
[[nodiscard]] bool only_reads(const DialectRules& rules, const Request& request);

/// All names that commands.unguarded may contain.
[[nodiscard]] std::vector<std::string_view> guard_names();

}  // namespace exapulse
