// SPDX-License-Identifier: BSD-3-Clause
// free_port(): a TCP port for a daemon under test.
#pragma once

#include <string>

namespace exapulse::test {

/// A port of the loopback address `address` that nobody listens on. Another program may still use
/// it before the daemon does.
[[nodiscard]] int free_port(const std::string& address);

}  // namespace exapulse::test
