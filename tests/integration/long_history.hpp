// SPDX-License-Identifier: BSD-3-Clause
// add_events(): a history as long as a test needs it, of a run of exapulsed that has ended.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

namespace exapulse::test {

/// Puts `count` events into the file at `path`, `between` apart, the last one of a moment ago:
/// ExaBGP is lost and found in turns, and restarts each hundredth time. With `peers`, as many
/// change in turns.
void add_events(const std::string& path, std::size_t count,
                std::chrono::milliseconds between = std::chrono::seconds(1), std::size_t peers = 0);

}  // namespace exapulse::test
