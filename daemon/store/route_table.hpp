// SPDX-License-Identifier: BSD-3-Clause
// RouteTable: the kept routes of the ledger in the file.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "daemon/routes/ledger.hpp"
#include "daemon/store/database.hpp"

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

/// Every call may throw DatabaseError, and has then changed nothing.
class RouteTable {
  public:
    /// `database` has been brought up to date and outlives it.
    explicit RouteTable(Database& database) : database_(database) {}

    /// All of it or nothing. On disk when it returns.
    void write(const RouteWrite& change);
    [[nodiscard]] StoredRoutes read();

  private:
    Database& database_;
};

}  // namespace exapulse
