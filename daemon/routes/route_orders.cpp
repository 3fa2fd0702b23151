// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/routes/route_orders.hpp"

#include <cassert>
#include <utility>

namespace exapulse {

void RouteOrders::add(std::set<RouteNumber> routes, bool to_save, OnEnd on_end) {
    assert(!routes.empty() && on_end);
    orders_.push_back({std::move(routes), std::move(on_end), {.to_save = to_save}});
}

void RouteOrders::done(RouteNumber route, bool to_save) {
    settle(route, [&](Result& result) {
        ++result.done;
        result.to_save = result.to_save || to_save;
    });
}

void RouteOrders::refused(RouteNumber route, const std::string& reason) {
    settle(route, [&](Result& result) {
        if (++result.refused <= most_reasons) result.reasons.push_back(reason);
    });
}

template <class Note>
void RouteOrders::settle(RouteNumber route, Note note) {
    for (auto order = orders_.begin(); order != orders_.end();) {
        const auto current = order++;
        if (current->open.erase(route) == 0) continue;
        note(current->result);
        if (!current->open.empty()) continue;
        const Order ended = std::move(*current);
        orders_.erase(current);
        ended.on_end(ended.result);
    }
}

void RouteOrders::end_all() {
    for (Order& order : std::exchange(orders_, {})) {
        order.result.left = order.open.size();
        order.on_end(order.result);
    }
}

}  // namespace exapulse
