// SPDX-License-Identifier: BSD-3-Clause
// The word `sync`: it has ExaBGP 6.0 acknowledge an announce or a withdraw only after it was
// written to the peers. Pure.
#pragma once

#include <optional>
#include <string>

#include "daemon/exabgp/dialect.hpp"
#include "daemon/exabgp/request.hpp"

namespace exapulse {

/// The line with the word, which 6.0 expects at the end of a command; in a group the first command
/// decides for all of it. nullopt where the line has `sync` or `async` already, and where it is no
/// announce or withdraw. `rules` are those of a 6.0.
[[nodiscard]] std::optional<std::string> with_sync(const DialectRules& rules,
                                                   const Request& request);

}  // namespace exapulse
