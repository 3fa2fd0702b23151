// SPDX-License-Identifier: BSD-3-Clause
// `exapulse check`: the health of ExaBGP as a monitoring plugin reports it, by exit code too.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "client/cli/arguments.hpp"

namespace exapulse::client {

struct SubcommandWords;

/// How many of ExaBGP's peers are to be established.
struct WantedPeers {
    std::optional<std::uint64_t> count;  // 1 or more; nullopt: all there are
};

struct CheckOptions {
    std::optional<std::chrono::milliseconds> warning;   // latency of the last pong
    std::optional<std::chrono::milliseconds> critical;  // the same
    std::optional<WantedPeers> peers{};                 // nullopt: they are not checked
};

[[nodiscard]] Action check_command(const SubcommandWords& words);

}  // namespace exapulse::client
