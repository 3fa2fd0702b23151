// SPDX-License-Identifier: BSD-3-Clause
// RouteTable: the kept routes of the ledger in the file.
#pragma once

#include "daemon/routes/stored_routes.hpp"
#include "daemon/store/database.hpp"

namespace exapulse {

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
