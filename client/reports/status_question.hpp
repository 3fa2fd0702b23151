// SPDX-License-Identifier: BSD-3-Clause
// The question of `status`, `ready` and `check`, which an exapulsed that has just started may not
// be able to answer yet.
#pragma once

#include <chrono>

#include <nlohmann/json_fwd.hpp>

#include "client/exchange/question.hpp"

namespace exapulse::client {

/// Whether the exapulsed of `status` has started so lately that nothing has come of its first
/// attempt to reach ExaBGP. Pure.
[[nodiscard]] bool is_undecided(const nlohmann::json& status,
                                std::chrono::system_clock::time_point now);

/// Asks for the status, and again for up to a second, or the time of `endpoint`, while it is
/// undecided. Throws Unreachable.
[[nodiscard]] Reply ask_for_status(const Endpoint& endpoint);

}  // namespace exapulse::client
