// SPDX-License-Identifier: BSD-3-Clause
// Leases: until when routes are announced whose holder has to say again and again that it lives.
// Pure.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "common/time.hpp"

namespace exapulse {

/// The number of an entry of the ledger: later announcements have higher ones, and none is used
/// twice.
using RouteNumber = std::uint64_t;
/// The number of a lease, never used again; 0: none.
using LeaseNumber = std::uint64_t;

struct LeaseTerms {
    Milliseconds ttl{};  ///< it is over once so much has passed since it was renewed
    /// It is over once so much has passed since its connection ended; nullopt: that has no effect.
    std::optional<Milliseconds> grace{};
    friend auto operator<=>(const LeaseTerms&, const LeaseTerms&) = default;
};

/// A lease begins with a connection, and may outlast it. It has routes, which are all withdrawn
/// when it is over.
class Leases {
  public:
    /// A new one, which its connection holds.
    [[nodiscard]] LeaseNumber open(const LeaseTerms& terms, TimePoint now);
    /// Gives it other terms, and renews it.
    void change(LeaseNumber lease, const LeaseTerms& terms, TimePoint now);
    /// False: it was over, and has had no route since.
    [[nodiscard]] bool renew(LeaseNumber lease, TimePoint now);
    /// Its connection has ended. `announcing`: a command of it may still add a route.
    void let_go(LeaseNumber lease, bool announcing, TimePoint now);
    /// A route of an earlier run of exapulsed: its lease begins anew, and as if its connection had
    /// just ended.
    void restore(LeaseNumber lease, const LeaseTerms& terms, RouteNumber route, TimePoint now);
    /// A number that no lease has, for one of an earlier run whose own may be in use.
    [[nodiscard]] LeaseNumber unused() { return ++last_; }
    /// The routes get other numbers: those that the leases have are none any more.
    void forget_routes();

    /// The route is announced under it, which renews it as long as a connection holds it.
    void add(LeaseNumber lease, RouteNumber route, TimePoint now);
    void remove(LeaseNumber lease, RouteNumber route);

    [[nodiscard]] std::optional<LeaseTerms> terms_of(LeaseNumber lease) const;
    /// When it is over; nullopt: it is, or there is no such lease.
    [[nodiscard]] std::optional<TimePoint> end_of(LeaseNumber lease) const;
    /// Its connection is still there.
    [[nodiscard]] bool is_held(LeaseNumber lease) const;
    /// When the next one is over.
    [[nodiscard]] std::optional<TimePoint> next() const;
    struct Over {
        LeaseNumber lease;
        bool held;  ///< its connection is still there
        std::vector<RouteNumber> routes;
    };
    /// Ends those that are over; the routes belong to no lease any more.
    [[nodiscard]] std::vector<Over> expire(TimePoint now);

  private:
    struct Lease {
        LeaseTerms terms{};
        bool held = false;
        std::optional<TimePoint> end{};
        std::set<RouteNumber> routes{};
    };
    using Place = std::map<LeaseNumber, Lease>::iterator;
    void set_end(Place lease, std::optional<TimePoint> end);
    void erase(Place lease);

    std::map<LeaseNumber, Lease> leases_;
    std::set<std::pair<TimePoint, LeaseNumber>> ends_;
    LeaseNumber last_ = 0;
};

}  // namespace exapulse
