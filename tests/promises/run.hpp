// SPDX-License-Identifier: BSD-3-Clause
// One run: ExaBGP, exapulsed, clients, subscribers and chaos, and the record of it all.
#pragma once

#include <cstdint>
#include <string>

#include "daemon/exabgp/dialect.hpp"
#include "tests/promises/record.hpp"

namespace exapulse::test {

struct RunOptions {
    Dialect dialect = Dialect::V6;
    std::uint64_t seed = 0;
    Duration time{};               ///< at least
    CommandNumber commands = 0;    ///< at least
    std::size_t clients = 16;      ///< that send batches
    bool exapulsed_stays = false;  ///< it is never ended
    bool own_mounts = false;       ///< may_mount() was true
};

/// Throws if a program does not start.
[[nodiscard]] RunRecord run(const RunOptions& options);

}  // namespace exapulse::test
