// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/store/route_table.hpp"

#include <cstdint>

#include "daemon/store/stored_time.hpp"

namespace exapulse {

void RouteTable::write(const RouteWrite& change) {
    Transaction transaction(database_);
    if (change.all) database_.execute("DELETE FROM route");
    auto remove = database_.prepare("DELETE FROM route WHERE number = ?1");
    for (const RouteNumber number : change.removed)
        remove.bind(1, static_cast<std::int64_t>(number)).run();
    auto insert = database_.prepare(
        "INSERT OR REPLACE INTO route(number, nlri, peers, line, uid, user, since, withdraws)"
        " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
    for (const auto& [number, entry] : change.added)
        insert.bind(1, static_cast<std::int64_t>(number))
            .bind(2, entry.nlri)
            .bind(3, entry.peers)
            .bind(4, entry.line)
            .bind(5, static_cast<std::int64_t>(entry.owner.uid))
            .bind(6, entry.owner.user)
            .bind(7, stored_time(entry.since))
            .bind(8, std::int64_t{entry.withdraws})
            .run();
    transaction.commit();
}

std::vector<NumberedRoute> RouteTable::read() {
    std::vector<NumberedRoute> routes;
    auto rows = database_.prepare(
        "SELECT number, nlri, peers, line, uid, user, since, withdraws FROM route ORDER BY number");
    while (rows.step()) {
        LedgerEntry entry;
        entry.nlri = rows.text(1);
        entry.peers = rows.text(2);
        entry.line = rows.text(3);
        entry.owner = {static_cast<std::uint32_t>(rows.number(4)), std::string(rows.text(5))};
        entry.since = time_stored(rows.number(6));
        entry.withdraws = rows.number(7) != 0;
        entry.kept = true;
        routes.emplace_back(static_cast<RouteNumber>(rows.number(0)), std::move(entry));
    }
    return routes;
}

}  // namespace exapulse
