// SPDX-License-Identifier: BSD-3-Clause
// A real ExaBGP with a real BIRD as its peer: what happens to it is told, what is sent arrives.
#include <csignal>
#include <set>
#include <string>

#include <doctest/doctest.h>

#include "tests/integration/real/real_stage.hpp"

using namespace exapulse::test;

TEST_SUITE_BEGIN("real exabgp only");

namespace {

/// `exapulse run` of an announce or withdraw to every neighbor, in the spelling of 4.2 and 5.0
/// whatever the version.
Service::Run run_route(const RealStage& stage, const std::string& verb, const std::string& prefix) {
    return stage.service->run({"run", verb, "route", prefix, "next-hop", "10.9.9.9"});
}

void announce_and_see(const RealStage& stage, const std::string& prefix) {
    const auto announced = run_route(stage, "announce", prefix);
    CHECK_MESSAGE(announced.status == 0, announced.err);
    CHECK(eventually([&] { return stage.bird.has_route(prefix); }));
}

}  // namespace

TEST_CASE(
    "attached: status names the dialect, the version and what tells one process from another") {
    const RealStage stage;
    const Json status = stage.service->status();
    CAPTURE(status.dump());
    CHECK(status["state"] == "up");
    CHECK(status["dialect"] == stage.exabgp->dialect());
    CHECK(status["uuid"].is_string());
    CHECK(status["identity"]["blind"].is_null());
    if (stage.exabgp->has_pipes()) {
        CHECK(status["identity"]["method"] == "process");
        CHECK(status["version"].get<std::string>().starts_with(stage.exabgp->dialect() + "."));
        CHECK(status["upstream"]["fifo"] == stage.exabgp->path());
        CHECK(status["upstream"]["socket"].is_null());
    } else {
        CHECK(status["identity"]["method"] == "ping");
        CHECK(status["version"].get<std::string>().starts_with("6.0."));
        CHECK(status["upstream"]["socket"] == stage.exabgp->path());
        CHECK(status["upstream"]["fifo"].is_null());
    }
    MESSAGE("ExaBGP " << status["version"].get<std::string>());
}

TEST_CASE("a route that exapulse run announces is in BIRD's table until it is withdrawn") {
    const RealStage stage;
    announce_and_see(stage, "10.20.30.0/24");
    const auto withdrawn = run_route(stage, "withdraw", "10.20.30.0/24");
    CHECK_MESSAGE(withdrawn.status == 0, withdrawn.err);
    CHECK(eventually([&] { return stage.bird.routes().empty(); }));
    CHECK(stage.bird.received().updates == 1);
    CHECK(stage.bird.received().withdraws == 1);
}

TEST_CASE("lines that ExaBGP cannot parse get a verdict quickly, and a slow show is not lost") {
    using Clock = std::chrono::steady_clock;
    const RealStage stage;
    constexpr int route_count = 20'000, at_a_time = 200;
    std::string batch;
    for (int route = 0; route < route_count; ++route) {
        if (route % at_a_time == 0) batch += "\nannounce attributes next-hop 10.9.9.9 nlri";
        batch += " 10." + std::to_string(100 + route / 256) + "." + std::to_string(route % 256) +
                 ".0/24";
    }
    const auto announced = stage.service->run({"run", "--batch", "-"}, batch + "\n");
    REQUIRE_MESSAGE(announced.status == 0, announced.err);
    REQUIRE(eventually([&] { return stage.bird.routes().size() == route_count; },
                       std::chrono::seconds(60)));

    Subscription events = stage.service->subscribe();
    CHECK(events.next()["type"] == "state");
    TestClient shower = stage.service->client();
    shower.send_raw(stage.exabgp->has_pipes() ? "show adj-rib out extensive\n" : "rib show out\n");
    const Answer shown = shower.read_answer(std::chrono::seconds(90));
    CHECK(shown.terminator == "done");
    CHECK(shown.lines.size() >= route_count);

    for (const std::string bad : {"announce route 192.0.2.0/24 next-hop 198.51.100.256",
                                  "announce route 1192.0.2.0/24 next-hop 198.51.100.1",
                                  "announce route 192.0.2.0/24 next-hop 198.51.100.1 split /40",
                                  "announce route 192.0.2.[3-10]/32 next-hop 198.51.100.1"}) {
        CAPTURE(bad);
        const auto begin = Clock::now();
        const auto refused = stage.service->run({"run", bad});
        CHECK(refused.status == 1);
        CHECK(Clock::now() - begin < std::chrono::seconds(5));
        if (stage.exabgp->dialect() == "4.2")
            CHECK(refused.err.find("ExaBGP 4.2") != refused.err.npos);
        CHECK(run_route(stage, "announce", "10.20.30.0/24").status == 0);
    }
    CHECK(events.next(std::chrono::milliseconds(200))["type"] == "");
    CHECK(stage.service->log().find("as well and gets answers") == std::string::npos);
}

TEST_CASE("reload: disconnected, reconnected with the same UUID, and the routes stay") {
    const RealStage stage;
    announce_and_see(stage, "10.20.31.0/24");
    Subscription events = stage.service->subscribe();
    const Json before = events.next("state");
    stage.exabgp->bounce();
    const Json lost = events.next();
    CHECK(lost["type"] == "disconnected");
    CHECK(lost["cause"] == "closed");
    const Json back = events.next(start_time);
    CHECK(back["type"] == "reconnected");
    CHECK(back["uuid"] == before["uuid"]);
    CHECK(back["state"] == "up");
    // The reload may bounce the BGP session, and ExaBGP then sends the route again by itself; the
    // command was carried out once.
    CHECK(eventually([&] { return stage.bird.has_route("10.20.31.0/24"); }, start_time));
    CHECK(stage.announced() == std::map<std::string, int>{{"10.20.31.0/24", 1}});
    announce_and_see(stage, "10.20.32.0/24");
}

TEST_CASE("kill -9 and a new start: disconnected, restarted, and the routes are lost") {
    const RealStage stage;
    announce_and_see(stage, "10.20.33.0/24");
    Subscription events = stage.service->subscribe();
    const Json before = events.next("state");
    stage.exabgp->kill();
    const Json lost = events.next();
    CHECK(lost["type"] == "disconnected");
    CHECK(lost["cause"] == "closed");
    CHECK(eventually([&] { return stage.bird.routes().empty(); }));
    stage.exabgp->start();
    const Json restarted = events.next(start_time);
    CHECK(restarted["type"] == "restarted");
    CHECK(restarted["previous"] == before["uuid"]);
    CHECK(restarted["uuid"] != before["uuid"]);
    stage.await_session();
    CHECK(stage.bird.received().updates == 0);
    announce_and_see(stage, "10.20.33.0/24");
}

TEST_CASE("a clean stop and a start: disconnected (stopped, on pipes), restarted") {
    const RealStage stage;
    Subscription events = stage.service->subscribe();
    const Json before = events.next("state");
    stage.exabgp->restart_process();
    const Json lost = events.next();
    CHECK(lost["type"] == "disconnected");
    CHECK(lost["cause"] == (stage.exabgp->has_pipes() ? "stopped" : "closed"));
    const Json restarted = events.next(start_time);
    CHECK(restarted["type"] == "restarted");
    CHECK(restarted["previous"] == before["uuid"]);
    CHECK(restarted["uuid"] != before["uuid"]);
    CHECK(restarted["cause"] == lost["cause"]);
    stage.await_session();
    announce_and_see(stage, "10.20.34.0/24");
}

TEST_CASE("a peer going down and up is reported, and polled only while a client is subscribed") {
    const RealStage stage(
        "neighbor 127.0.0.77 {\n\trouter-id 10.0.0.9;\n\tlocal-address 127.0.0.3;\n"
        "\tlocal-as 65001;\n\tpeer-as 65077;\n}\n");
    Subscription events = stage.service->subscribe("peers peer-up peer-down");
    const Json peers = events.next("peers", start_time);
    REQUIRE(peers["peers"].size() == 2);
    for (const Json& peer : peers["peers"]) {
        CAPTURE(peer.dump());
        const bool is_bird = peer["address"] == Bird::address;
        CHECK(peer["as"] == (is_bird ? 65002 : 65077));
        CHECK((peer["state"] == "established") == is_bird);
    }
    stage.bird.enable(false);
    const Json down = events.next("peer-down", start_time);
    CHECK(down["peer"]["address"] == Bird::address);
    CHECK(down["previous_state"] == "established");
    stage.bird.enable(true);
    const Json up = events.next("peer-up", start_time);
    CHECK(up["peer"]["address"] == Bird::address);
    CHECK(up["peer"]["state"] == "established");

    announce_and_see(stage, "10.20.35.0/24");
    const Json table = Json::parse(stage.service->client().command("sidecar peers").lines.at(0));
    for (const Json& peer : table["peers"]) {
        CAPTURE(peer.dump());
        if (peer["address"] != Bird::address) continue;
        CHECK(peer["since"].is_string());
        CHECK(peer["sent"].is_number());
        CHECK(peer["received"].is_number());
    }
}

TEST_CASE("a session that went down and up between polls is still reported") {
    const RealStage stage("", "[peers]\ninterval = \"1h\"\n");
    const auto session = [&] {
        return Json::parse(
            stage.service->client().command("sidecar peers").lines.at(0))["peers"][0];
    };
    Subscription events = stage.service->subscribe("peers peer-up peer-down");
    REQUIRE(events.next("peers", start_time)["peers"][0]["state"] == "established");
    // ExaBGP has no age for a session of less than a second.
    REQUIRE(eventually([&] { return session()["since"].is_string(); }));
    const Json first = session();
    stage.bird.enable(false);
    CHECK(eventually([&] { return !stage.bird.established(); }));
    stage.bird.enable(true);
    stage.await_session();
    announce_and_see(stage, "10.20.37.0/24");  // ExaBGP has the session up as well
    // Ages are whole seconds: it may take two until it is sure that this is another session.
    CHECK(eventually([&] { return session()["since"] != first["since"]; }));
    const Json down = events.next(), up = events.next();
    REQUIRE(down["type"] == "peer-down");
    CHECK(down["peer"]["state"] == "down");
    CHECK(down["peer"]["since"].is_null());
    REQUIRE(up["type"] == "peer-up");
    CHECK(up["peer"]["since"] != first["since"]);
    CHECK(up["previous_state"] == "down");
}

TEST_CASE("a route for a peer that does not exist reaches nobody") {
    const RealStage stage;
    const std::string command =
        stage.spelled("neighbor 127.0.0.99 announce route 10.20.36.0/24 next-hop 10.9.9.9");
    const auto refused = stage.service->run({"run", command});
    CAPTURE(refused.err);
    CHECK(refused.status == 5);
    CHECK(refused.err.find(std::string("it has ") + Bird::address) != std::string::npos);
    // What 6.0's tokeniser makes of these matches no peer, and it would take that for all of them.
    for (const std::string selector :
         {"]127.0.0.99", "127.0.0.99[", "[]", "[ , ]", "127.0.0.99 local-as 65000["})
        CHECK(stage.service
                  ->run({"run", "--raw",
                         "peer " + selector + " announce route 10.20.36.0/24 next-hop 10.9.9.9"})
                  .status != 0);
    // Blanks for Python, letters for most others: no way around what is refused.
    TestClient client = stage.service->client();
    for (const char* line : {"peer\x1f"
                             "127.0.0.99 announce route 10.20.36.0/24 next-hop 10.9.9.9",
                             "\x1c"
                             "daemon shutdown",
                             "shutdown\x1d",
                             "session\x1e"
                             "ack disable",
                             "disable-ack\v"}) {
        const Answer answer = client.command(line);
        CHECK(answer.terminator == "error");
        REQUIRE(answer.lines.size() == 1);
        CHECK(answer.lines[0].starts_with("error: bad-input: byte 0x"));
    }
    announce_and_see(stage, "10.20.37.0/24");
    CHECK(stage.bird.routes() == std::set<std::string>{"10.20.37.0/24"});
}

TEST_CASE("kept routes are in BIRD's table again after ExaBGP was killed, and no others") {
    const RealStage stage;
    constexpr int kept_count = 1'000;
    std::string batch;
    for (int i = 0; i < kept_count; ++i)
        batch += "announce route 10.30." + std::to_string(i / 256) + "." + std::to_string(i % 256) +
                 "/32 next-hop 10.9.9.9 community [ 65000:" + std::to_string(i) + " ]\n";
    const auto kept = stage.service->run({"run", "--keep", "--batch", "-"}, batch);
    REQUIRE_MESSAGE(kept.status == 0, kept.err);
    REQUIRE(run_route(stage, "announce", "10.20.30.0/24").status == 0);
    const auto changed = stage.service->run({"run", "-"},
                                            "withdraw route 10.30.0.1/32 next-hop 10.9.9.9\n"
                                            "announce route 10.30.0.2/32 next-hop 10.9.9.8\n");
    REQUIRE_MESSAGE(changed.status == 0, changed.err);
    REQUIRE(eventually([&] { return stage.bird.routes().size() == kept_count; }, start_time));
    std::set<std::string> expected = stage.bird.routes();
    REQUIRE(expected.erase("10.20.30.0/24") == 1);

    Subscription events = stage.service->subscribe("replayed");
    static_cast<void>(events.next("state"));
    stage.exabgp->kill();
    stage.exabgp->start();
    const Json replayed = events.next("replayed", std::chrono::seconds(60));
    CHECK(replayed["routes"] == kept_count - 1);
    CHECK(replayed["refused"] == 0);
    CHECK(eventually([&] { return stage.bird.routes() == expected; }, std::chrono::seconds(60)));

    // While exapulsed is away.
    stage.service->process().signal(SIGKILL);
    REQUIRE(stage.service->process().wait_exit());
    stage.exabgp->kill();
    stage.exabgp->start();
    stage.service->start();
    CHECK(eventually([&] { return stage.bird.routes() == expected; }, std::chrono::seconds(60)));
}

TEST_CASE("held routes are in BIRD's table while their holder lives, whatever ExaBGP does") {
    const RealStage stage;
    const std::set<std::string> held{"10.20.30.0/24"};
    ChildProcess holder({require_environment("EXAPULSE"), "--socket", stage.service->socket(),
                         "hold", "--grace", "100ms", "announce", "route", "10.20.30.0/24",
                         "next-hop", "10.9.9.9"});
    CHECK(eventually([&] { return stage.bird.routes() == held; }, start_time));
    Subscription events = stage.service->subscribe("replayed");
    static_cast<void>(events.next("state"));
    stage.exabgp->kill();
    REQUIRE(eventually([&] { return stage.bird.routes().empty(); }));
    stage.exabgp->start();
    CHECK(events.next("replayed", std::chrono::seconds(60))["routes"] == 1);
    CHECK(eventually([&] { return stage.bird.routes() == held; }, std::chrono::seconds(60)));
    CHECK(holder.is_running());
    holder.signal(SIGKILL);
    CHECK(eventually([&] { return stage.bird.routes().empty(); }));

    ChildProcess other({require_environment("EXAPULSE"), "--socket", stage.service->socket(),
                        "hold", "--check", "true", "--interval", "100ms", "announce", "route",
                        "10.20.31.0/24", "next-hop", "10.9.9.9"});
    CHECK(eventually([&] { return stage.bird.has_route("10.20.31.0/24"); }, start_time));
    other.signal(SIGTERM);
    CHECK(other.wait_exit() == 0);
    CHECK(eventually([&] { return stage.bird.routes().empty(); }));
}

TEST_SUITE_END();
