// SPDX-License-Identifier: BSD-3-Clause
// `exapulse routes replay`, `keep`, `forget` and `withdraw`: what exapulsed does with the routes
// that fit.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "client/cli/arguments.hpp"
#include "client/exchange/exit_code.hpp"
#include "client/routes/route_filter.hpp"

namespace exapulse::client {

/// How many numbers of routes are sent to exapulsed in one line, whose length is limited.
constexpr std::size_t most_in_line = 500;

struct RouteOrder {
    std::string_view verb;   ///< the word after `exapulse routes`, and after `sidecar`
    std::string_view past;   ///< "withdrew", as in "withdrew 3 routes"
    bool asks = false;       ///< a person is asked before more than a few routes
    bool announces = false;  ///< it sends the commands of the routes again
};

/// nullptr: no such verb.
[[nodiscard]] const RouteOrder* find_route_order(std::string_view verb);

struct OrderRoutesOptions {
    const RouteOrder* order = nullptr;
    RouteFilter filter{};
    bool yes = false;  ///< without asking
};

[[nodiscard]] ExitCode order_routes(const Arguments& arguments, const OrderRoutesOptions& options);

struct OrderedRoutes {
    std::uint64_t done = 0;
    ExitCode worst = ExitCode::Done;  ///< of the others, which were reported on stderr
    bool unsaved = false;             ///< some of it is not saved yet, which was reported
};

/// The same for the routes with these numbers.
[[nodiscard]] OrderedRoutes order_routes(const Arguments& arguments, const RouteOrder& order,
                                         std::span<const std::uint64_t> numbers);

}  // namespace exapulse::client
