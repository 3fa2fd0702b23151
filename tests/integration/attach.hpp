// SPDX-License-Identifier: BSD-3-Clause
// attach(): an exapulsed on an ExaBGP of any kind; and what to say to it.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "tests/integration/service.hpp"
#include "tests/support/harness/exabgp_under_test.hpp"

namespace exapulse::test {

/// A real ExaBGP needs its Python's time to start, with other work on the machine.
inline constexpr std::chrono::seconds start_time{30};

/// Ticks far enough apart that a real ExaBGP starts between two of them.
inline constexpr const char* slow_ticks = "10s";

/// Starts `exabgp` and an exapulsed on it, and waits until that has it up. `config` is the content
/// of its file.
[[nodiscard]] std::unique_ptr<Service> attach(ExabgpUnderTest& exabgp,
                                              const std::string& interval = slow_ticks,
                                              const std::string& config = "");

/// A command of 4.2 and 5.0 as `exabgp` spells it: `version`, `restart`, and announce and withdraw
/// with or without a `neighbor ADDRESS` before it.
[[nodiscard]] std::string spelled(const ExabgpUnderTest& exabgp, const std::string& command);

}  // namespace exapulse::test
