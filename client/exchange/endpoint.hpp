// SPDX-License-Identifier: BSD-3-Clause
// Endpoint: which exapulsed is asked, and for how long.
#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace exapulse::client {

/// How long a command waits without a byte. Longer than exapulsed's own hold (5 s) and deadline
/// (30 s), so that its verdict, which knows more, comes first.
inline constexpr std::chrono::milliseconds default_timeout{60'000};

/// The same for `alive` and `ready`: who probes does so often.
inline constexpr std::chrono::milliseconds probe_timeout{5'000};

struct Endpoint {
    std::string socket;
    std::optional<std::chrono::milliseconds> timeout{};  // nullopt: default_timeout
};

}  // namespace exapulse::client
