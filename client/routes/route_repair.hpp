// SPDX-License-Identifier: BSD-3-Clause
// repair_routes(): has exapulsed announce again what ExaBGP lacks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "client/exchange/endpoint.hpp"
#include "client/exchange/exit_code.hpp"

namespace exapulse::client {

struct Repaired {
    std::size_t done = 0;
    ExitCode worst = ExitCode::Done;  // of the others, which were reported on stderr
};

/// `numbers` are those of the ledger, in the order in which ExaBGP is to get the routes. Their
/// owners, and for how long they are kept, do not change. Throws Unreachable.
[[nodiscard]] Repaired repair_routes(const Endpoint& endpoint,
                                     std::span<const std::uint64_t> numbers);

}  // namespace exapulse::client
