// SPDX-License-Identifier: BSD-3-Clause
// Ledger: what ExaBGP has been made to announce, and by whom, in the order of announcement. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "common/time.hpp"
#include "daemon/routes/route_change.hpp"

namespace exapulse {

/// Who announced a route.
struct RouteOwner {
    std::uint32_t uid = 0;
    std::string user{};
    friend bool operator==(const RouteOwner&, const RouteOwner&) = default;
};

/// The number of an entry: later announcements have higher ones, and none is used twice.
using RouteNumber = std::uint64_t;

struct LedgerEntry {
    std::string nlri, peers;  ///< as RouteChange has them
    std::string line;         ///< the command that announces it, or withdraws it from some peers
    RouteOwner owner;
    WallTime since{};
    /// It withdraws a route, which others still get, from its peers. Such an entry is there as long
    /// as the other is.
    bool withdraws = false;
    bool kept = false;  ///< it comes back after a restart of ExaBGP
};

class Ledger {
  public:
    using Entries = std::map<RouteNumber, LedgerEntry>;

    /// What note() has changed.
    struct Removed {
        RouteNumber number;
        bool kept;
    };
    struct Changes {
        std::vector<Removed> removed{};
        std::optional<RouteNumber> added{};
    };
    /// ExaBGP has carried out `change`. A route that was kept stays so when it is announced again,
    /// by whomever, until it is withdrawn.
    Changes note(const RouteChange& change, const RouteOwner& owner, bool keep, WallTime now);
    /// An entry from the file; `number` is higher than any before it.
    void restore(RouteNumber number, LedgerEntry entry);
    /// What is not kept is gone with the ExaBGP that had it. Returns how many routes that were.
    std::size_t forget_unkept();

    /// In the order of announcement.
    [[nodiscard]] const Entries& entries() const { return entries_; }
    [[nodiscard]] const LedgerEntry* find(RouteNumber number) const;
    /// The entries of one route, in the order of announcement.
    [[nodiscard]] const std::vector<RouteNumber>& numbers_of(const std::string& nlri) const;
    /// Routes that are announced, and those of them that are kept.
    [[nodiscard]] std::size_t size() const { return announced_; }
    [[nodiscard]] std::size_t kept() const { return kept_; }

  private:
    using Numbers = std::vector<RouteNumber>;  // of one NLRI, ascending
    void insert(RouteNumber number, LedgerEntry entry);
    /// Notes it in `changes`.
    void erase(RouteNumber number, Changes& changes);
    void erase(RouteNumber number);
    void count(const LedgerEntry& entry, std::ptrdiff_t by);

    Entries entries_;
    std::unordered_map<std::string, Numbers> by_nlri_;
    RouteNumber last_ = 0;
    std::size_t announced_ = 0;
    std::size_t kept_ = 0;
};

}  // namespace exapulse
