// SPDX-License-Identifier: BSD-3-Clause
// Conversations with ExaBGP 6, as they were seen on the real one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tests/support/harness/test_client.hpp"

namespace exapulse::test {

/// A command and all that comes back for it, terminators included; a `*` in an expected line
/// stands for anything.
struct Exchange {
    std::string_view command;
    std::vector<std::string_view> lines;
};

[[nodiscard]] bool matches(std::string_view line, std::string_view pattern);

/// From a fresh start in v6: every kind of command, in an order where each sees what those before
/// it did. Leaves acks on, sync off, no group.
[[nodiscard]] const std::vector<Exchange>& conversation_v6();

/// The same for v4, which must have been switched to.
[[nodiscard]] const std::vector<Exchange>& conversation_v4();

/// Sends each command with an echo behind it, so that an answer of no or two terminators ends
/// as well. Returns what differed, in words; empty when all was as expected.
[[nodiscard]] std::string replay(TestClient& client, const std::vector<Exchange>& conversation);

}  // namespace exapulse::test
