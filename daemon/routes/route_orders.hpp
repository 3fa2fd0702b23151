// SPDX-License-Identifier: BSD-3-Clause
// RouteOrders: routes that clients want announced again or withdrawn, until ExaBGP has answered for
// them. Pure.
#pragma once

#include <cstddef>
#include <functional>
#include <list>
#include <set>
#include <string>
#include <vector>

#include "daemon/routes/leases.hpp"

namespace exapulse {

class RouteOrders {
  public:
    struct Result {
        std::size_t done = 0;
        std::size_t refused = 0;
        std::vector<std::string> reasons{};  ///< of the first of those, each with its command
        std::size_t left = 0;  ///< neither: ExaBGP has restarted, or a client has changed the route
        bool to_save = false;  ///< it has changed what is kept
    };
    static constexpr std::size_t most_reasons = 100;
    using OnEnd = std::function<void(const Result&)>;

    /// `on_end` is called once. `to_save`: what is kept has changed already.
    void add(std::set<RouteNumber> routes, bool to_save, OnEnd on_end);
    /// `to_save`: this has changed what is kept.
    void done(RouteNumber route, bool to_save);
    void refused(RouteNumber route, const std::string& reason);
    /// Nothing is on its way any more: ends those that have something left.
    void end_all();
    [[nodiscard]] bool empty() const { return orders_.empty(); }

  private:
    struct Order {
        std::set<RouteNumber> open;
        OnEnd on_end;
        Result result{};
    };
    template <class Note>
    void settle(RouteNumber route, Note note);

    std::list<Order> orders_;
};

}  // namespace exapulse
