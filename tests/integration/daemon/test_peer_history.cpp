// SPDX-License-Identifier: BSD-3-Clause
// Peers in the history: what is kept of them, and how long each was up.
#include <csignal>
#include <fstream>
#include <string>

#include <doctest/doctest.h>

#include "tests/integration/stage.hpp"
#include "tests/support/harness/eventually.hpp"

namespace exapulse::test {

namespace {

using namespace std::chrono_literals;

constexpr const char* keeps_peers = "[peers]\ninterval = \"100ms\"\n[history]\npeers = true\n";

/// The one peer of the simulator, by `exapulse uptime --json`; an empty object: nothing is known.
Json uptime(const Service& service) {
    const auto run = service.run({"uptime", "--peer", "127.0.0.1", "--json"});
    return run.status == 0 ? Json::parse(run.out) : Json::object();
}

Outcome peer_is(const Service& service, std::string_view state) {
    return eventually([&] { return uptime(service).value("state", "") == state; });
}

}  // namespace

TEST_CASE("peers are recorded without a subscriber where that is configured") {
    Stage stage(keeps_peers);
    CHECK(peer_is(stage.service, "down"));
    stage.exabgp.set_peer_state("ESTABLISHED");
    CHECK(peer_is(stage.service, "up"));
    stage.exabgp.set_peer_state("IDLE");
    CHECK(peer_is(stage.service, "down"));
    const Json peer = uptime(stage.service);
    CHECK(peer["outages"] == 2);
    CHECK(peer["outages_by_cause"]["session"] == 2);
    CHECK(peer["up_ms"].get<int>() > 0);
    CHECK(peer["mtbf_ms"].is_number());

    const auto text = stage.service.run({"uptime", "--peer", "127.0.0.1", "--since", "1h"});
    CHECK(text.out.find("Outages    2\n") != std::string::npos);
    const auto all = stage.service.run({"uptime", "--peer", "all", "--json"});
    CHECK(Json::parse(all.out)["peer"] == "127.0.0.1");
    const auto events = stage.service.run({"history", "--peer", "127.0.0.1"});
    CHECK(events.out.find("Peer 127.0.0.1 (AS 65001) is up") != std::string::npos);
    CHECK(events.out.find("Connected") == std::string::npos);
    CHECK(stage.service.run({"history", "--peer", "127.0.0.10"}).out.empty());
    const auto none = stage.service.run({"uptime", "--peer", "192.0.2.9"});
    CHECK(none.status == 2);
    CHECK(none.err.find("exapulsed has no record of the peer 192.0.2.9") != std::string::npos);
    CHECK(stage.service.run({"uptime", "--peer", "router"}).status == 2);
}

TEST_CASE("the record of a peer outlives exapulsed, and a restart of ExaBGP is an outage") {
    Stage stage(keeps_peers);
    stage.exabgp.set_peer_state("ESTABLISHED");
    CHECK(peer_is(stage.service, "up"));
    stage.service.restart(SIGTERM);
    stage.service.await("up");
    CHECK(peer_is(stage.service, "up"));
    CHECK(uptime(stage.service)["outages"].get<int>() <= 1);  // it may have been seen down first
    CHECK(uptime(stage.service)["unknown_ms"].get<int>() > 0);
    stage.exabgp.restart();
    CHECK(eventually(
        [&] { return uptime(stage.service)["outages_by_cause"].value("restart", 0) == 1; }));
}

TEST_CASE("without a subscriber nothing is recorded unless that is configured, by a reload too") {
    Stage stage("[peers]\ninterval = \"100ms\"\n");
    const auto none = stage.service.run({"uptime", "--peer", "all"});
    CHECK(none.status == 2);
    CHECK(none.err.find("history.peers = true") != std::string::npos);
    {
        Subscription peers = stage.service.subscribe("peers");
        CHECK(peers.next("peers")["type"] == "peers");
        CHECK(peer_is(stage.service, "down"));
    }
    std::ofstream(stage.service.config_file()) << keeps_peers;
    stage.service.process().signal(SIGHUP);
    REQUIRE(stage.service.logs("reloaded"));
    stage.exabgp.set_peer_state("ESTABLISHED");
    CHECK(peer_is(stage.service, "up"));
}

TEST_CASE("sidecar uptime says what it takes, and when it has no answer") {
    Stage stage;
    TestClient client = stage.service.client();
    for (const char* wrong : {"sidecar uptime router", "sidecar uptime 24h 127.0.0.1 more",
                              "sidecar history peer", "sidecar history peer router"})
        CHECK(client.command(wrong).lines.at(0).starts_with("error: bad-input: "));
    CHECK(client.command("sidecar uptime 24h").terminator == "done");
    Stage off("[history]\nstore = false\n");
    CHECK(off.service.client()
              .command("sidecar uptime")
              .lines.at(0)
              .starts_with("error: bad-input: exapulsed keeps no record of peers"));
    CHECK(off.service.client().command("sidecar history peer 127.0.0.1").lines.size() == 1);
}

}  // namespace exapulse::test
