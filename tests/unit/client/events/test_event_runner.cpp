// SPDX-License-Identifier: BSD-3-Clause
// What the command of an event finds in its environment.
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "client/events/event_runner.hpp"
#include "tests/support/harness/temp_dir.hpp"

namespace exapulse::client {

using Variables = std::vector<std::string>;

TEST_CASE("the environment of an event: what it has, and no more") {
    const nlohmann::json restarted{{"type", "restarted"},
                                   {"state", "up"},
                                   {"uuid", "u2"},
                                   {"previous", "u1"},
                                   {"cause", "closed"},
                                   {"time", "2026-11-23T20:36:00.000000Z"},
                                   {"seq", 7},
                                   {"detail", "unused"}};
    CHECK(event_environment(restarted, "LINE", "/s") ==
          Variables{"EXAPULSE_TYPE=restarted", "EXAPULSE_STATE=up", "EXAPULSE_UUID=u2",
                    "EXAPULSE_PREVIOUS_UUID=u1", "EXAPULSE_CAUSE=closed",
                    "EXAPULSE_TIME=2026-11-23T20:36:00.000000Z", "EXAPULSE_SEQ=7",
                    "EXAPULSE_SOCKET=/s", "EXAPULSE_EVENT=LINE"});
    const nlohmann::json peer{
        {"type", "peer-up"},
        {"uuid", nullptr},
        {"peer", {{"address", "10.0.0.2"}, {"as", 65002}, {"state", "established"}}}};
    CHECK(event_environment(peer, "", "/s") ==
          Variables{"EXAPULSE_TYPE=peer-up", "EXAPULSE_PEER_ADDRESS=10.0.0.2",
                    "EXAPULSE_PEER_AS=65002", "EXAPULSE_PEER_STATE=established",
                    "EXAPULSE_SOCKET=/s", "EXAPULSE_EVENT="});
}

TEST_CASE("an event too long for a variable is on standard input, and the next goes on") {
    const test::TempDir dir;
    const std::string file = dir / "seen";
    const std::string longest(200'000, 'x');
    {
        EventRunner runner("cat >> " + file + "; echo $EXAPULSE_EVENT $EXAPULSE_TYPE >> " + file,
                           "/s", std::chrono::minutes(1));
        runner.add({{"type", "failed"}}, longest, {});
        runner.add({{"type", "recovered"}}, "short", {});
        runner.finish();
    }
    std::ifstream stream(file);
    const std::string seen{std::istreambuf_iterator<char>(stream), {}};
    CHECK(seen == longest + "\nfailed\nshort recovered\n");
}

}  // namespace exapulse::client
