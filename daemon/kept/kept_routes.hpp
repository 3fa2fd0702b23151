// SPDX-License-Identifier: BSD-3-Clause
// KeptRoutes: what clients announced, as ExaBGP is to have it: the ledger, its file, its leases,
// and what exapulsed itself tells ExaBGP of it.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "daemon/config/config.hpp"
#include "daemon/events/event.hpp"
#include "daemon/kept/lease_clock.hpp"
#include "daemon/kept/route_sender.hpp"
#include "daemon/kept/saved_book.hpp"
#include "daemon/routes/replay.hpp"
#include "daemon/routes/route_orders.hpp"
#include "daemon/store/store_thread.hpp"
#include "daemon/upstream/upstream.hpp"

namespace exapulse {

/// What is kept comes back after a restart of ExaBGP; everything else that was announced is known
/// until exapulsed ends. A route under a lease is kept, and withdrawn once the lease is over.
class KeptRoutes {
  public:
    using Report = std::function<void(const Event&)>;
    using OnSaved = SavedBook::OnSaved;
    /// `unsaved`: why what changed of the kept routes is not on disk; empty: it is.
    using OnOrderEnd = std::function<void(const RouteOrders::Result&, const std::string& unsaved)>;

    /// `store`: nullptr where nothing is kept on disk. All outlive it.
    KeptRoutes(uv::Loop& loop, Upstream& upstream, StoreThread* store, const Config& config,
               Report report);

    /// From the file, before anything else. nullopt: it could not be read, which is tried again.
    void restore(std::optional<StoredRoutes> stored);

    /// ExaBGP has carried out a command of a client. False: nothing has to be saved for it, and
    /// `on_saved` is not called. Where a command of exapulsed's about the same route is on its way,
    /// `on_saved` is called once what follows from that is carried out as well: an exapulsed that
    /// is killed before that has promised nothing.
    [[nodiscard]] bool note(const Request& request, const RouteOwner& owner, const RouteWish& wish,
                            const OnSaved& on_saved);
    /// A command of a client was written, and its outcome is unknown. What it may have done is
    /// listed, until a later command about the same route or settle_uncertain() ends that. False:
    /// there is nothing to list.
    [[nodiscard]] bool note_uncertain(const Request& request, const RouteOwner& owner,
                                      const RouteWish& wish);
    /// What ExaBGP's RIB shows of uncertain entries: whether their commands were carried out. The
    /// others are left as they are, and so is one with a newer entry about the same route.
    /// `on_saved` is always called.
    void settle_uncertain(std::span<const RouteNumber> numbers, bool done, const OnSaved& on_saved);
    /// Keeps these routes, or those of them that are announced. `on_saved` is always called.
    void keep(std::span<const RouteNumber> numbers, const OnSaved& on_saved);
    /// ExaBGP is to get these routes again, also those that are gone or uncertain: they keep their
    /// owners and leases. False: it does not answer, and nothing is done.
    [[nodiscard]] bool announce_again(std::span<const RouteNumber> numbers, OnOrderEnd on_end);
    /// The same for their withdrawal.
    [[nodiscard]] bool withdraw(std::span<const RouteNumber> numbers, OnOrderEnd on_end);
    /// Forgets these routes, whatever ExaBGP does. `on_saved` is always called.
    void forget(std::span<const RouteNumber> numbers, const OnSaved& on_saved);

    /// What connections say of their leases.
    [[nodiscard]] LeaseClock& lease_clock() { return lease_clock_; }

    /// An event about ExaBGP that has been published.
    void on_event(const Event& event);
    /// The file can be used again, or is a new one.
    void on_store_change() { book_.on_store_change(); }
    /// Nothing is replayed or withdrawn any more; what was done is still saved.
    void stop();

    [[nodiscard]] const Ledger& ledger() const { return book_.ledger(); }
    [[nodiscard]] const Leases& leases() const { return book_.leases(); }
    [[nodiscard]] const Replay& replay() const { return replay_; }

  private:
    struct HeldAnswer {
        std::vector<std::string> nlris;  // that the replay was busy with
        bool to_save;
        OnSaved on_saved;
    };
    void release_answers();
    void read(StoredRoutes stored);

    void order(std::set<RouteNumber> routes, bool to_save, OnOrderEnd on_end);
    void end_orders();
    void settle(const Replay::Settled& settled, const std::string& why);
    /// Begins the withdrawal of an entry. False: it needs none, and is removed; then `to_save`
    /// becomes true where what is kept is affected.
    bool begin_end(RouteNumber number, bool& to_save);
    void end(const Leases::Over& over);

    void continue_replay();
    [[nodiscard]] std::vector<std::string> closing_commands() const;
    void end_replay();

    Upstream& upstream_;
    const Config& config_;
    Report report_;
    SavedBook book_;
    Replay replay_{book_.ledger()};
    RouteOrders orders_;
    /// Of orders_, those that were not known to be announced, and what they were.
    std::map<RouteNumber, Ledger::State> revived_;
    std::deque<HeldAnswer> held_answers_;

    /// A replay is about to begin; so many routes were not kept.
    std::optional<std::size_t> starting_;
    bool stopped_ = false;
    RouteSender sender_;
    LeaseClock lease_clock_;
};

}  // namespace exapulse
