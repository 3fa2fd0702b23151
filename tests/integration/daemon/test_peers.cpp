// SPDX-License-Identifier: BSD-3-Clause
// Peers through exapulsed, on a simulated ExaBGP: asked for while wanted, and the guard.
#include <doctest/doctest.h>

#include "tests/integration/stage.hpp"
#include "tests/support/harness/eventually.hpp"

using namespace exapulse::test;
using namespace std::chrono_literals;

namespace {

using Lines = std::vector<std::string>;

constexpr const char* often = "[peers]\ninterval = \"100ms\"\n";

}  // namespace

TEST_CASE("a subscriber to peers first gets a snapshot of them") {
    const Stage stage(often);
    Subscription first = stage.service.subscribe("peers peer-up peer-down");
    CHECK(first.next("state")["peers"].is_null());
    const Json picture = first.next("peers");
    REQUIRE(picture["peers"].size() == 1);
    CHECK(picture["peers"][0]["address"] == "127.0.0.1");
    CHECK(picture["peers"][0]["as"] == 65001);
    CHECK(picture["peers"][0]["state"] == "idle");
    Subscription second = stage.service.subscribe("peers");
    CHECK(second.next("state")["peers"] == picture["peers"]);
}

TEST_CASE("ExaBGP is polled for its peers only while a client is subscribed") {
    Stage stage(often);
    const auto asked = [&] { return stage.exabgp.count_of("daemon status"); };
    {
        Subscription health = stage.service.subscribe("restarted failed");
        CHECK(health.next()["type"] == "state");
        CHECK_FALSE(eventually([&] { return asked() > 0; }, 400ms));
        Subscription peers = stage.service.subscribe();
        CHECK(eventually([&] { return asked() >= 3; }));
    }
    CHECK(eventually([&] { return stage.service.status()["subscribers"] == 0; }));
    const auto before = asked();
    CHECK_FALSE(eventually([&] { return asked() > before + 1; }, 400ms));
}

TEST_CASE("changes of peers without a subscriber are in the snapshot, and not reported as events") {
    Stage stage(often);
    const auto told = [&] {
        Lines types;
        for (const std::string& line :
             stage.service.client().command("sidecar history peer-up peer-down").lines)
            if (const Json event = Json::parse(line); event.contains("type"))
                types.push_back(event["type"]);
        return types;
    };
    {
        Subscription events = stage.service.subscribe("peers peer-up peer-down");
        CHECK(events.next("peers")["peers"][0]["state"] == "idle");
        stage.exabgp.set_peer_state("ESTABLISHED");
        CHECK(events.next()["type"] == "peer-up");
    }
    CHECK(told() == Lines{"peer-up"});
    CHECK(eventually([&] { return stage.service.status()["subscribers"] == 0; }));
    stage.exabgp.set_peer_state("IDLE");
    CHECK(eventually([&] {
        const Answer now = stage.service.client().command("sidecar peers");
        return Json::parse(now.lines.at(0))["peers"][0]["state"] == "idle";
    }));
    CHECK(told() == Lines{"peer-up"});
    Subscription events = stage.service.subscribe("peers peer-up peer-down");
    CHECK(events.next("peers")["peers"][0]["state"] == "idle");
    stage.exabgp.set_peer_state("ESTABLISHED");
    const Json up = events.next();
    CHECK(up["type"] == "peer-up");
    CHECK(up["previous_state"] == "idle");
}

TEST_CASE("sidecar peers: one line, and a verdict while ExaBGP is unreachable") {
    Stage stage("[commands]\nhold = \"100ms\"\n");
    const Answer answer = stage.service.client().command("sidecar peers");
    REQUIRE(answer.lines.size() == 1);
    CHECK(answer.terminator == "done");
    const Json table = Json::parse(answer.lines[0]);
    CHECK(table["time"].is_string());
    CHECK(table["peers"][0]["local_as"].is_number());
    stage.exabgp.stop();
    CHECK(eventually([&] { return stage.service.status()["state"] != "up"; }));
    const Answer lost = stage.service.client().command("sidecar peers");
    CHECK(lost.terminator == "error");
    REQUIRE(lost.lines.size() == 1);
    CHECK(lost.lines[0].starts_with("error: not-sent: "));
}

TEST_CASE("a selector that matches no peer is refused before ExaBGP sees it") {
    const std::string command = "peer 9.9.9.9 announce route 1.0.0.0/8 next-hop 1.2.3.4";
    {
        Stage stage;
        const auto refused = stage.service.run({"run", command});
        CHECK(refused.status == 5);
        CHECK(refused.err.find("no peer of ExaBGP matches '9.9.9.9'") != std::string::npos);
        CHECK(refused.err.find("it has 127.0.0.1") != std::string::npos);
        CHECK(stage.exabgp.count_of(command) == 0);
        for (const char* selector : {"]9.9.9.9", "127.0.0.1[", "[]", "127.0.0.1 local-as 1["})
            CHECK(stage.service.run({"run", "peer", selector, "teardown", "6"}).status == 5);
        CHECK(stage.service
                  .run({"run", "peer", "127.0.0.1", "announce", "route", "1.0.0.0/8", "next-hop",
                        "1.2.3.4"})
                  .status == 0);
    }
    Stage unguarded("[commands]\nunguarded = [\"selector\"]\n");
    CHECK(unguarded.service.run({"run", command}).status == 0);
    CHECK(unguarded.exabgp.count_of(command) == 1);
}
