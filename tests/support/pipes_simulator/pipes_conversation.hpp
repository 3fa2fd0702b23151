// SPDX-License-Identifier: BSD-3-Clause
// Conversations with ExaBGP 4.2.21 and 5.0.13, as recorded from the real ones.
#pragma once

#include <string>
#include <vector>

#include "daemon/exabgp/dialect.hpp"
#include "tests/support/pipes_simulator/pipes_client.hpp"
#include "tests/support/socket_simulator/exabgp_conversation.hpp"

namespace exapulse::test {

/// From a fresh start: every type of harmless command, in an order in which each sees the effects
/// of those before it. Leaves acks on and no routes.
[[nodiscard]] std::vector<Exchange> pipes_conversation(Dialect dialect);

/// Commands that kill each of them; `version` is not answered afterwards.
[[nodiscard]] std::vector<std::string_view> pipes_killers(Dialect dialect);

/// Sends one command at a time and reads the lines expected; a command with none is followed by
/// the next at once. An expected line "..." matches any lines. Returns what differed, in words;
/// empty if nothing did.
[[nodiscard]] std::string replay(PipesClient& client, const std::vector<Exchange>& conversation);

}  // namespace exapulse::test
