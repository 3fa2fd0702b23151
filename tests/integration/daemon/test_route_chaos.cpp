// SPDX-License-Identifier: BSD-3-Clause
// RouteChaos, done to a simulated ExaBGP.
#include <set>
#include <string>

#include <doctest/doctest.h>

#include "tests/integration/route_chaos.hpp"
#include "tests/integration/stage.hpp"

namespace exapulse::test {

namespace {

/// What the simulator has of each peer.
std::set<std::string> announced_prefixes(const Service& service) {
    std::set<std::string> found;
    for (const std::string& line : service.client().command("rib show out").lines)
        for (const Json& routes : Json::parse(line)) found.insert(routes["routes"][0]["prefix"]);
    return found;
}

}  // namespace

TEST_CASE("chaos of routes: ExaBGP ends with what the list says, and the list with what was told") {
    Stage stage;
    RouteChaos::run({stage.service, [&] { stage.exabgp.restart(); }, [&] { stage.exabgp.bounce(); },
                     [&] { return announced_prefixes(stage.service); }},
                    120);
}

}  // namespace exapulse::test
