// SPDX-License-Identifier: BSD-3-Clause
// LeaseClock: begins, renews and ends the leases of the book as time passes.
#pragma once

#include <functional>

#include "daemon/kept/saved_book.hpp"
#include "daemon/uv/timer.hpp"

namespace exapulse {

class LeaseClock {
  public:
    using OnOver = std::function<void(const Leases::Over&)>;

    /// `book` outlives it.
    LeaseClock(uv::Loop& loop, SavedBook& book, OnOver on_over);

    /// A new lease, or other terms for `lease` if that is not 0. Returns its number.
    [[nodiscard]] LeaseNumber grant(LeaseNumber lease, const LeaseTerms& terms);
    /// False: it was over, and has had no route since.
    [[nodiscard]] bool renew(LeaseNumber lease);
    /// Its connection has ended. `announcing`: commands of it are on their way to ExaBGP.
    void let_go(LeaseNumber lease, bool announcing);
    /// To be called after any other change to the book.
    void await_next();
    /// None ends any more.
    void stop();

  private:
    void end_leases();

    SavedBook& book_;
    OnOver on_over_;
    bool stopped_ = false;
    uv::Timer next_;
};

}  // namespace exapulse
