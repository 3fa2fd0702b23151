// SPDX-License-Identifier: BSD-3-Clause
#include <doctest/doctest.h>

#include "daemon/clients/session_state.hpp"

using namespace exapulse;

TEST_CASE("a group is one command of ExaBGP's") {
    RouteGroup group;
    CHECK(group.empty());
    for (const std::string_view line :
         {"announce route 10.0.0.0/24 next-hop 192.0.2.1", "withdraw route 10.0.1.0/24"}) {
        const std::size_t size = group.size_with(line.size());
        group.add(line);
        CHECK(group.line().size() == size);
    }
    CHECK(
        group.line() ==
        "peer * group announce route 10.0.0.0/24 next-hop 192.0.2.1 ; withdraw route 10.0.1.0/24");
}
