// SPDX-License-Identifier: BSD-3-Clause
// Ledger: what ExaBGP has been made to announce, and by whom, in the order of announcement. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "common/time.hpp"
#include "daemon/routes/entry_text.hpp"
#include "daemon/routes/leases.hpp"
#include "daemon/routes/route_change.hpp"
#include "daemon/routes/route_mandate.hpp"
#include "daemon/routes/shared_values.hpp"

namespace exapulse {

/// There may be very many of them: tests/bench/run routes says how much memory one takes.
struct LedgerEntry {
    enum class State : std::uint8_t {
        Done,       ///< ExaBGP has carried out its command
        Uncertain,  ///< its command was written, and the outcome is unknown
        Gone,       ///< ExaBGP has restarted, and it was not kept
    };

    EntryText text{};  ///< the NLRI, as RouteChange has it, and the command, see line()
    std::shared_ptr<const RouteMandate> mandate{};  ///< never null
    WallTime since{};
    /// It withdraws a route, which others still get, from its peers. Such an entry is there as long
    /// as the other is.
    bool withdraws = false;
    /// It comes back after a restart of ExaBGP; one that is uncertain is to be kept once it is
    /// done.
    bool kept = false;
    bool ending = false;  ///< it is to be withdrawn; ExaBGP may still announce it
    State state = State::Done;

    [[nodiscard]] std::string_view nlri() const { return text.nlri(); }
    /// The command that announces it, or withdraws it from some peers.
    [[nodiscard]] std::string_view line() const { return text.line(); }
    /// ExaBGP announces it, and is to go on.
    [[nodiscard]] bool stands() const { return state == State::Done && !ending; }
    /// The file has it.
    [[nodiscard]] bool saved() const { return state == State::Done && kept; }
    [[nodiscard]] bool gone() const { return state == State::Gone; }
    [[nodiscard]] bool uncertain() const { return state == State::Uncertain; }
};

class Ledger {
  public:
    using State = LedgerEntry::State;
    using Entries = std::map<RouteNumber, LedgerEntry>;

    /// Its entries get numbers above `last`.
    explicit Ledger(RouteNumber last = 0) : last_(last) {}

    /// How a route is announced, beside what its command says.
    struct Terms {
        bool keep = false;
        LeaseNumber lease = 0;  ///< 0: none; else `keep` is true
        std::optional<LeaseTerms> lease_terms{};
    };
    struct Removed {
        RouteNumber number;
        bool saved;
        LeaseNumber lease;
    };
    struct Changes {
        std::vector<Removed> removed{};
        std::optional<RouteNumber> added{};
    };
    /// ExaBGP has carried out `change`. A route that was kept stays so when it is announced again,
    /// by whomever, until it is withdrawn.
    Changes note(const RouteChange& change, const RouteOwner& owner, const Terms& terms,
                 WallTime now);
    /// `change` was written to ExaBGP, and its outcome is unknown: what was known of the route
    /// stays, and this becomes an entry beside it, unless there is nothing that it could withdraw.
    Changes note_uncertain(const RouteChange& change, const RouteOwner& owner, const Terms& terms,
                           WallTime now);
    /// It has turned out that the command of an uncertain entry was carried out, as the last one
    /// about its route.
    Changes confirm(RouteNumber number);
    /// An entry from the file, which need not share its mandate; `number` is higher than any before
    /// it.
    void restore(RouteNumber number, LedgerEntry entry);
    struct Lost {
        std::size_t routes = 0;
        Changes moot{};  ///< it is removed: what was uncertain, and is of no use any more
    };
    /// ExaBGP has restarted: what is not kept is gone, also what may have been announced, unless
    /// that was under a lease. What may have been withdrawn was not.
    Lost lose_unkept();
    /// Forgets what is gone.
    Changes forget_gone();

    /// An entry that is gone or uncertain is to be announced again, or could not be.
    void set_state(RouteNumber number, State state);
    /// It is to be withdrawn: its lease is over, or a client wants it.
    void begin_end(RouteNumber number);
    /// Removes it, whatever ExaBGP does, and what was only about it.
    Changes remove(RouteNumber number);
    /// From now on it is kept. Returns what has changed: nothing if it was kept before, or is gone.
    Changes keep(RouteNumber number);

    /// The highest number that an entry has had.
    [[nodiscard]] RouteNumber last_number() const { return last_; }
    /// In the order of announcement.
    [[nodiscard]] const Entries& entries() const { return entries_; }
    [[nodiscard]] const LedgerEntry* find(RouteNumber number) const;
    /// The first with this command, of a route to these peers.
    [[nodiscard]] const LedgerEntry* find(std::string_view nlri, std::string_view peers,
                                          std::string_view line) const;
    /// The entries of one route, in the order of announcement.
    [[nodiscard]] std::vector<RouteNumber> numbers_of(std::string_view nlri) const;
    /// Those that are to be withdrawn.
    [[nodiscard]] const std::set<RouteNumber>& ending() const { return ending_; }
    /// Routes that are announced, those of them that are kept, those that are gone, and commands
    /// whose outcome is unknown.
    [[nodiscard]] std::size_t size() const { return announced_; }
    [[nodiscard]] std::size_t kept() const { return kept_; }
    [[nodiscard]] std::size_t gone() const { return gone_; }
    [[nodiscard]] std::size_t uncertain() const { return uncertain_; }

  private:
    using Numbers = std::vector<RouteNumber>;  // of one NLRI, ascending
    /// What a change meets of the same route.
    struct Met {
        Numbers replaced{};
        bool kept = false;             // one of those is
        bool others_announce = false;  // to peers that the change does not reach
        bool others_kept = false;
    };
    [[nodiscard]] Met meet(const RouteChange& change) const;
    [[nodiscard]] LedgerEntry entry_of(const RouteChange& change, const RouteOwner& owner,
                                       const Terms& terms, WallTime now);
    void insert(RouteNumber number, LedgerEntry entry);
    /// Its place in by_nlri_.
    static std::size_t hash_of(std::string_view nlri);
    /// Notes it in `changes`.
    void erase(RouteNumber number, Changes& changes);
    void erase_unneeded(std::string_view nlri, Changes& changes);
    void count(const LedgerEntry& entry, std::ptrdiff_t by);
    template <class Change>
    void change(RouteNumber number, Change how);

    Entries entries_;
    /// By the hash of their NLRI, which is not written down once more.
    std::unordered_multimap<std::size_t, RouteNumber> by_nlri_;
    SharedValues<RouteMandate> mandates_;
    std::set<RouteNumber> ending_;
    RouteNumber last_;
    std::size_t announced_ = 0;
    std::size_t kept_ = 0;
    std::size_t gone_ = 0;
    std::size_t uncertain_ = 0;
};

}  // namespace exapulse
