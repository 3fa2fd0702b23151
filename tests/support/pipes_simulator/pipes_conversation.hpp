// SPDX-License-Identifier: BSD-3-Clause
// Conversations with ExaBGP 4.2.21 and 5.0.13, as they were seen on the real ones.
#pragma once

#include <string>
#include <vector>

#include "daemon/exabgp/dialect.hpp"
#include "tests/support/pipes_simulator/pipes_client.hpp"
#include "tests/support/socket_simulator/exabgp_conversation.hpp"

namespace exapulse::test {

/// From a fresh start: every kind of command that harms nothing, in an order where each sees what
/// those before it did. Leaves acks on and no routes.
[[nodiscard]] std::vector<Exchange> pipes_conversation(Dialect dialect);

/// What kills each of them; `version` is not answered afterwards.
[[nodiscard]] std::vector<std::string_view> pipes_killers(Dialect dialect);

/// Sends one command at a time and reads the lines expected; a command with none is followed by
/// the next at once. An expected line "..." stands for any lines. Returns what differed, in words;
/// empty when all was as expected.
[[nodiscard]] std::string replay(PipesClient& client, const std::vector<Exchange>& conversation);

}  // namespace exapulse::test
