// SPDX-License-Identifier: BSD-3-Clause
// `exapulse routes` and `exapulse routes export`: what was announced through exapulsed.
#pragma once

#include "client/cli/arguments.hpp"
#include "client/exchange/exit_code.hpp"
#include "client/routes/route_filter.hpp"

namespace exapulse::client {

struct ListRoutesOptions {
    enum class As { Table, Json, Batch };
    RouteFilter filter{};
    As as = As::Table;
};

[[nodiscard]] ExitCode list_routes(const Arguments& arguments, const ListRoutesOptions& options);

}  // namespace exapulse::client
