// SPDX-License-Identifier: BSD-3-Clause
// repair_routes(): announces again what ExaBGP lacks.
#pragma once

#include <cstddef>
#include <vector>

#include "client/exchange/endpoint.hpp"
#include "client/exchange/exit_code.hpp"
#include "client/routes/route_confirmation.hpp"

namespace exapulse::client {

struct Repaired {
    std::size_t done = 0;
    ExitCode worst = ExitCode::Done;  // of the others, which were reported on stderr
};

/// In this order, each kept or not as before. Throws Unreachable.
[[nodiscard]] Repaired repair_routes(const Endpoint& endpoint,
                                     const std::vector<RepairCommand>& commands);

}  // namespace exapulse::client
