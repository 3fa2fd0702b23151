// SPDX-License-Identifier: BSD-3-Clause
// RouteBook: the ledger and the leases of its routes, and how both come back from a file. Pure.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>

#include "common/time.hpp"
#include "daemon/routes/leases.hpp"
#include "daemon/routes/ledger.hpp"
#include "daemon/routes/route_change.hpp"
#include "daemon/routes/route_wish.hpp"
#include "daemon/routes/stored_routes.hpp"

namespace exapulse {

/// A lease has those of its routes that the ledger has.
class RouteBook {
  public:
    using Changes = Ledger::Changes;

    [[nodiscard]] const Ledger& ledger() const { return ledger_; }
    [[nodiscard]] const Leases& leases() const { return leases_; }
    /// To open, renew and end them.
    [[nodiscard]] Leases& leases() { return leases_; }

    /// What a client's command has done, or may have done.
    struct Note {
        RouteChange change;
        RouteOwner owner;
        RouteWish wish;
        WallTime at;
        bool uncertain = false;  ///< its outcome is unknown
    };
    Changes enter(const Note& note, TimePoint now);
    struct Room {
        bool enough;
        std::size_t forgotten;  ///< routes that were gone
    };
    /// Whether an announcement fits into a ledger of `most` entries; if not, what is gone is
    /// forgotten first.
    Room make_room(const RouteChange& change, std::size_t most);
    /// As the ledger has them.
    Changes remove(RouteNumber number);
    Changes confirm(RouteNumber number, TimePoint now);
    Changes keep(RouteNumber number) { return ledger_.keep(number); }
    void begin_end(RouteNumber number) { ledger_.begin_end(number); }
    void set_state(RouteNumber number, Ledger::State state) { ledger_.set_state(number, state); }
    std::size_t lose_unkept();

    /// What an earlier run of exapulsed has left, before anything else.
    void restore(StoredRoutes&& stored, TimePoint now);
    /// The file could not be read before, so that this is remembered for restore_late(). False: so
    /// were `most` others, and the oldest of them is forgotten.
    [[nodiscard]] bool remember(Note note, std::size_t most);
    /// What it has comes before everything that has happened since. All routes get new numbers: one
    /// that a client has seen never means another route. Nothing is saved.
    void restore_late(StoredRoutes stored, TimePoint now);

  private:
    Changes settle(Changes changes, TimePoint now);
    void forget(const Changes& changes);
    void renumber_leases(StoredRoutes& stored);
    void follow(const Ledger& before, RouteNumber last, TimePoint now);

    Ledger ledger_;
    Leases leases_;
    std::deque<Note> unread_;  // for restore_late()
};

}  // namespace exapulse
