// SPDX-License-Identifier: BSD-3-Clause
// Conversations with ExaBGP 6, as recorded from the real one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tests/support/harness/test_client.hpp"

namespace exapulse::test {

/// A command and its complete answer, including terminators; a `*` in an expected line matches
/// anything.
struct Exchange {
    std::string_view command;
    std::vector<std::string_view> lines;
};

[[nodiscard]] bool matches(std::string_view line, std::string_view pattern);

/// From a fresh start in v6: every type of command, in an order in which each sees the effects of
/// those before it. Leaves acks on, sync off, no group.
[[nodiscard]] const std::vector<Exchange>& conversation_v6();

/// The same for v4, which must be active.
[[nodiscard]] const std::vector<Exchange>& conversation_v4();

/// Sends each command with an echo after it, so that an answer with no terminator or two ends as
/// well. Returns what differed, in words; empty if nothing did.
[[nodiscard]] std::string replay(TestClient& client, const std::vector<Exchange>& conversation);

}  // namespace exapulse::test
