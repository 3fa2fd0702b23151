// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/store/peer_change_table.hpp"

#include <algorithm>

#include "daemon/store/stored_time.hpp"

namespace exapulse {

namespace {

/// Rows deleted at a time; nothing else is written or read meanwhile.
constexpr std::int64_t peer_prune_step = 5'000;

/// A name that only a later exapulsed writes counts as Unknown.
PeerChange::State state_of(std::string_view name) {
    const auto found = std::find(peer_change_names.begin(), peer_change_names.end(), name);
    return found == peer_change_names.end()
               ? PeerChange::State::Unknown
               : static_cast<PeerChange::State>(found - peer_change_names.begin());
}

}  // namespace

void PeerChangeTable::append(std::int64_t run, const std::vector<PeerChange>& changes) {
    if (changes.empty()) return;
    auto insert = database_.prepare(
        "INSERT INTO peer_change(run, time, peer, state, restart) VALUES(?1, ?2, ?3, ?4, ?5)");
    for (const PeerChange& change : changes)
        insert.bind(1, run)
            .bind(2, stored_time(change.time))
            .bind(3, change.peer)
            .bind(4, name_of(change.state))
            .bind(5, std::int64_t{change.restart})
            .run();
}

WallTime PeerChangeTable::end_of(std::int64_t run) {
    auto query = database_.prepare("SELECT min(seen, peers_heard) FROM run WHERE id = ?1");
    query.bind(1, run);
    return query.step() ? time_stored(query.number(0)) : WallTime();
}

std::vector<PeerUptime::Report> PeerChangeTable::uptime(std::int64_t run, WallTime from,
                                                        const UptimeQuestion& question) {
    PeerUptime uptime(from);
    auto query = database_.prepare(question.peer.empty()
                                       ? "SELECT run, time, peer, state, restart FROM peer_change"
                                         " ORDER BY id"
                                       : "SELECT run, time, peer, state, restart FROM peer_change"
                                         " WHERE peer IN ('', ?1) ORDER BY id");
    if (!question.peer.empty()) query.bind(1, question.peer);
    std::int64_t current = 0;
    while (query.step()) {
        const std::int64_t next = query.number(0);
        if (current != 0 && next != current) uptime.on_end_of_run(end_of(current));
        current = next;
        uptime.on_change(time_stored(query.number(1)), query.text(2), state_of(query.text(3)),
                         query.number(4) != 0);
    }
    if (current != 0 && current != run)
        uptime.on_end_of_run(end_of(current));
    else if (question.known_until && *question.known_until < question.now)
        uptime.on_change(*question.known_until, {}, PeerChange::State::Unknown, false);
    return uptime.reports(question.now);
}

/// The last row of a peer says how it is until the next one, but only within its run.
void PeerChangeTable::prune(WallTime oldest) {
    database_
        .prepare(
            "DELETE FROM peer_change WHERE id IN (SELECT id FROM peer_change AS old"
            " WHERE time < ?1 AND (state = 'gone'"
            "  OR run < (SELECT max(run) FROM peer_change WHERE time < ?1)"
            "  OR EXISTS (SELECT 1 FROM peer_change AS later WHERE later.peer = old.peer"
            "   AND later.id > old.id AND later.time < ?1)) LIMIT ?2)")
        .bind(1, stored_time(oldest))
        .bind(2, peer_prune_step)
        .run();
}

}  // namespace exapulse
