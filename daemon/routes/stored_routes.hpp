// SPDX-License-Identifier: BSD-3-Clause
// StoredRoutes: what the file has of the kept routes of the ledger, and what is to change there.
// Pure.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "daemon/routes/ledger.hpp"

namespace exapulse {

using NumberedRoute = std::pair<RouteNumber, LedgerEntry>;

struct StoredRoutes {
    std::vector<NumberedRoute> routes{};  ///< in the order of announcement
    std::string had_by{};  ///< the UUID of the ExaBGP that was sent all of them; empty: none was
};

/// What has changed among the kept routes since the last time that it was written.
struct RouteWrite {
    bool all = false;                    ///< `added` is every kept route, whatever the file has
    std::vector<RouteNumber> removed{};  ///< after they were added, where `added` has them as well
    std::vector<NumberedRoute> added{};
    std::optional<std::string> had_by{};  ///< as StoredRoutes has it; nullopt: as before
};

}  // namespace exapulse
