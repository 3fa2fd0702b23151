// SPDX-License-Identifier: BSD-3-Clause
// WorkTurns: users take turns, then the sessions of each.
#include <vector>

#include <doctest/doctest.h>

#include "daemon/clients/work_turns.hpp"

using namespace exapulse;

TEST_CASE("many sessions of one user delay another's by one turn") {
    WorkTurns turns;
    for (SessionId id = 1; id <= 1'000; ++id) turns.add(65'534, id);
    turns.add(0, 2'000);
    std::vector<SessionId> order;
    for (int i = 0; i < 4; ++i) order.push_back(turns.take());
    CHECK(order == std::vector<SessionId>{1, 2'000, 2, 3});
}

TEST_CASE("one that has more to do goes to the end of its user's line") {
    WorkTurns turns;
    turns.add(7, 1);
    turns.add(7, 2);
    CHECK(turns.take() == 1);
    turns.add(7, 1);
    CHECK(turns.take() == 2);
    CHECK(turns.take() == 1);
    CHECK(turns.empty());
    turns.add(7, 3);
    CHECK(turns.take() == 3);
}
