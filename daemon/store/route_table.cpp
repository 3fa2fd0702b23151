// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/store/route_table.hpp"

#include <cstdint>
#include <memory>
#include <utility>

#include "daemon/store/stored_time.hpp"

namespace exapulse {

namespace {

constexpr std::int64_t no_grace = -1;

LeaseTerms terms_in(std::int64_t ttl, std::int64_t grace) {
    LeaseTerms terms{.ttl = Milliseconds(ttl)};
    if (grace != no_grace) terms.grace = Milliseconds(grace);
    return terms;
}

}  // namespace

void RouteTable::write(const RouteWrite& change) {
    Transaction transaction(database_);
    if (change.all) database_.execute("DELETE FROM route");
    auto insert = database_.prepare(
        "INSERT OR REPLACE INTO route(number, nlri, peers, line, uid, user, since, withdraws, name,"
        " lease, ttl, grace) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)");
    for (const auto& [number, entry] : change.added) {
        const RouteMandate& mandate = *entry.mandate;
        const auto& terms = mandate.lease_terms;
        insert.bind(1, static_cast<std::int64_t>(number))
            .bind(2, entry.nlri())
            .bind(3, mandate.peers)
            .bind(4, entry.line())
            .bind(5, static_cast<std::int64_t>(mandate.owner.uid))
            .bind(6, mandate.owner.user)
            .bind(7, stored_time(entry.since))
            .bind(8, std::int64_t{entry.withdraws})
            .bind(9, mandate.owner.name)
            .bind(10, static_cast<std::int64_t>(mandate.lease))
            .bind(11, terms ? terms->ttl.count() : 0)
            .bind(12, terms && terms->grace ? terms->grace->count() : no_grace)
            .run();
    }
    auto remove = database_.prepare("DELETE FROM route WHERE number = ?1");
    for (const RouteNumber number : change.removed)
        remove.bind(1, static_cast<std::int64_t>(number)).run();
    if (change.had_by)
        database_.prepare("INSERT OR REPLACE INTO routes_had(one, uuid) VALUES(1, ?1)")
            .bind(1, *change.had_by)
            .run();
    transaction.commit();
}

StoredRoutes RouteTable::read() {
    StoredRoutes stored;
    auto had = database_.prepare("SELECT uuid FROM routes_had");
    if (had.step()) stored.had_by = had.text(0);
    auto rows = database_.prepare(
        "SELECT number, nlri, peers, line, uid, user, since, withdraws, name, lease, ttl, grace"
        " FROM route ORDER BY number");
    while (rows.step()) {
        LedgerEntry entry;
        entry.text = EntryText(rows.text(1), rows.text(3));
        RouteMandate mandate;
        mandate.peers = rows.text(2);
        mandate.owner = {static_cast<std::uint32_t>(rows.number(4)), std::string(rows.text(5)),
                         std::string(rows.text(8))};
        mandate.lease = static_cast<LeaseNumber>(rows.number(9));
        if (mandate.lease != 0) mandate.lease_terms = terms_in(rows.number(10), rows.number(11));
        entry.mandate = std::make_shared<const RouteMandate>(std::move(mandate));
        entry.since = time_stored(rows.number(6));
        entry.withdraws = rows.number(7) != 0;
        entry.kept = true;
        stored.routes.emplace_back(static_cast<RouteNumber>(rows.number(0)), std::move(entry));
    }
    return stored;
}

}  // namespace exapulse
