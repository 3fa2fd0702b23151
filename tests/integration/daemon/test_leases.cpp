// SPDX-License-Identifier: BSD-3-Clause
// Routes under a lease: withdrawn once nobody says any more that they are wanted.
#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/integration/hidden_history.hpp"
#include "tests/integration/stage.hpp"
#include "tests/support/harness/has.hpp"

namespace exapulse::test {

namespace {

using namespace std::chrono_literals;

std::string leased_route(int number, const std::string& verb = "announce") {
    return fmt::format("peer * {} route 10.7.{}.0/24 next-hop 192.0.2.1", verb, number);
}

TestClient holder(const Service& service, const std::string& lease) {
    TestClient client = service.client();
    REQUIRE(client.command("sidecar lease " + lease).terminator == "done");
    return client;
}

std::vector<Json> listed(const Service& service) {
    std::vector<Json> routes;
    for (const std::string& line : service.client().command("sidecar routes").lines)
        routes.push_back(Json::parse(line));
    return routes;
}

/// How often ExaBGP was sent this line.
std::size_t times(const ExabgpSimulator& exabgp, const std::string& line) {
    const auto lines = exabgp.received();
    return static_cast<std::size_t>(std::count(lines.begin(), lines.end(), line));
}

}  // namespace

TEST_CASE("a lease that nobody renews takes its routes with it, and says so") {
    Stage stage;
    Subscription events = stage.service.subscribe("expired");
    TestClient client = holder(stage.service, "3s");
    REQUIRE(client.command("sidecar owner anycast-dns").terminator == "done");
    CHECK(client.command(leased_route(1)).terminator == "done");
    CHECK(client.command(leased_route(2)).terminator == "done");
    const auto routes = listed(stage.service);
    REQUIRE(routes.size() == 2);
    CHECK(routes[0]["name"] == "anycast-dns");
    CHECK(routes[0]["kept"] == true);
    CHECK(routes[0]["lease"] == 3000);
    CHECK(routes[0]["left"] <= 3000);
    const Json expired = events.next("expired");
    CHECK(expired["routes"] == 2);
    CHECK(expired["name"] == "anycast-dns");
    REQUIRE(eventually([&] { return listed(stage.service).empty(); }));
    CHECK(times(stage.exabgp, leased_route(1, "withdraw")) == 1);
    CHECK(times(stage.exabgp, leased_route(2, "withdraw")) == 1);
    // Its holder learns of it, and can begin anew.
    const Answer over = client.command("sidecar renew");
    CHECK(has(over.lines.at(0), "error: lease-over: "));
    CHECK(client.command(leased_route(1)).terminator == "done");
    CHECK(client.command("sidecar renew").terminator == "done");
    CHECK(listed(stage.service).size() == 1);
}

TEST_CASE("a lease that is renewed stays, and one that has been withdrawn has no end") {
    Stage stage;
    TestClient client = holder(stage.service, "2s");
    CHECK(client.command(leased_route(1)).terminator == "done");
    CHECK(client.command(leased_route(2)).terminator == "done");
    CHECK(client.command(leased_route(2, "withdraw")).terminator == "done");
    const auto begin = std::chrono::steady_clock::now();
    while (std::chrono::steady_clock::now() - begin < 3s)
        CHECK(client.command("sidecar renew").terminator == "done");
    CHECK(listed(stage.service).size() == 1);
    CHECK(times(stage.exabgp, leased_route(1, "withdraw")) == 0);
    CHECK(times(stage.exabgp, leased_route(2, "withdraw")) == 1);
}

TEST_CASE("with a grace, the end of the connection is the end of its routes, however it ends") {
    Stage stage;
    TestClient other = stage.service.client();
    {
        TestClient client = holder(stage.service, "1h 0s");
        for (int i = 1; i <= 3; ++i) CHECK(client.command(leased_route(i)).terminator == "done");
        // Now it is somebody else's, and nobody's lease.
        CHECK(other.command(leased_route(3)).terminator == "done");
    }
    REQUIRE(eventually([&] { return listed(stage.service).size() == 1; }));
    CHECK(listed(stage.service)[0]["command"] == leased_route(3));
    CHECK(times(stage.exabgp, leased_route(3, "withdraw")) == 0);
    // Without one the connection does not matter.
    CHECK(holder(stage.service, "1h").command(leased_route(1)).terminator == "done");
    CHECK(other.command("test echo ok") == echo_ok);
    CHECK(listed(stage.service).size() == 2);
}

TEST_CASE("a leased route comes back after a restart of ExaBGP; one whose lease ended does not") {
    Stage stage;
    TestClient stays = holder(stage.service, "1h 0s");
    CHECK(stays.command(leased_route(1)).terminator == "done");
    std::optional<TestClient> leaves(holder(stage.service, "1h 0s"));
    CHECK(leaves->command(leased_route(2)).terminator == "done");
    stage.exabgp.stop();
    CHECK(eventually([&] { return stage.service.status()["state"] != "up"; }));
    leaves.reset();
    REQUIRE(eventually([&] { return listed(stage.service).at(1)["left"] == 0; }));
    stage.exabgp.clear_history();
    stage.exabgp.start();
    REQUIRE(eventually([&] { return listed(stage.service).size() == 1; }));
    CHECK(eventually([&] { return times(stage.exabgp, leased_route(1)) == 1; }));
    CHECK(times(stage.exabgp, leased_route(2)) == 0);
}

TEST_CASE("a hang of ExaBGP delays the withdrawal, and does not lose it") {
    Stage stage("", "200ms");
    {
        TestClient client = holder(stage.service, "1h 0s");
        CHECK(client.command(leased_route(1)).terminator == "done");
        stage.exabgp.silence(true);
        REQUIRE(eventually([&] { return stage.service.status()["state"] == "down"; }));
    }
    REQUIRE(eventually([&] { return listed(stage.service).at(0)["left"] == 0; }));
    stage.exabgp.silence(false);
    REQUIRE(eventually([&] { return listed(stage.service).empty(); }));
    CHECK(times(stage.exabgp, leased_route(1, "withdraw")) >= 1);
}

TEST_CASE("leases outlast exapulsed: they begin anew, and still end") {
    Stage stage;
    TestClient client = holder(stage.service, "4s 1s"), lasting = holder(stage.service, "1h");
    CHECK(client.command(leased_route(1)).terminator == "done");
    CHECK(lasting.command(leased_route(2)).terminator == "done");
    stage.service.process().signal(SIGKILL);
    REQUIRE(stage.service.process().wait_exit());
    stage.service.start();
    stage.service.await("up");
    CHECK(listed(stage.service).size() == 2);
    REQUIRE(eventually([&] { return listed(stage.service).size() == 1; }));
    CHECK(times(stage.exabgp, leased_route(1, "withdraw")) == 1);
    CHECK(listed(stage.service)[0]["lease"] == 3'600'000);
}

TEST_CASE(
    "a lease that begins while the kept routes can't be read is not taken for an earlier one") {
    Stage stage;
    CHECK(holder(stage.service, "1h").command(leased_route(1)).terminator == "done");
    HiddenHistory history(stage.service);
    {
        TestClient client = holder(stage.service, "1h 0s");
        CHECK(has(client.command(leased_route(2)).lines.back(), "error: not-saved: "));
        history.show();
        REQUIRE(eventually([&] { return listed(stage.service).size() == 2; }, 30s));
    }
    REQUIRE(eventually([&] { return listed(stage.service).size() == 1; }));
    CHECK(listed(stage.service)[0]["command"] == leased_route(1));
    CHECK(times(stage.exabgp, leased_route(1, "withdraw")) == 0);
}

TEST_CASE("leases that make no sense are refused") {
    Stage stage;
    TestClient client = stage.service.client();
    for (const char* line :
         {"sidecar lease 0s", "sidecar lease 999ms", "sidecar lease soon", "sidecar lease 30",
          "sidecar lease 30s soon", "sidecar renew", "sidecar owner a,b", "sidecar keep 17",
          "sidecar forget x", "sidecar forget 1", "sidecar replay 1", "sidecar withdraw 7"}) {
        CAPTURE(line);
        const Answer answer = client.command(line);
        CHECK(answer.terminator == "error");
        CHECK(has(answer.lines.at(0), "error: bad-input: "));
    }
    CHECK(client.command(leased_route(1)).terminator == "done");
    CHECK(listed(stage.service).at(0)["lease"].is_null());
    Stage without_disk("[history]\nstore = false\n");
    CHECK(has(without_disk.service.client().command("sidecar lease 30s").lines.at(0),
              "error: bad-input: "));
}

TEST_CASE("routes are kept and forgotten by their numbers") {
    Stage stage;
    TestClient client = stage.service.client();
    for (int i = 1; i <= 3; ++i) CHECK(client.command(leased_route(i)).terminator == "done");
    CHECK(client.command("sidecar keep 1 2").terminator == "done");
    CHECK(client.command("sidecar forget 2 3").terminator == "done");
    CHECK(listed(stage.service).size() == 1);
    CHECK(listed(stage.service)[0]["kept"] == true);
    stage.exabgp.clear_history();
    stage.exabgp.restart();
    REQUIRE(eventually([&] { return times(stage.exabgp, leased_route(1)) == 1; }));
    CHECK(eventually([&] { return stage.service.status()["routes"]["replaying"].is_null(); }));
    CHECK(times(stage.exabgp, leased_route(2)) == 0);
}

TEST_CASE("routes that are lost are announced again by their numbers, as they were") {
    Stage stage;
    TestClient client = stage.service.client();
    REQUIRE(client.command("sidecar owner dns").terminator == "done");
    for (int i = 1; i <= 3; ++i) CHECK(client.command(leased_route(i)).terminator == "done");
    stage.exabgp.restart();
    REQUIRE(eventually([&] { return stage.service.status()["routes"]["gone"] == 3; }));
    stage.exabgp.clear_history();
    const Answer again = client.command("sidecar replay 1 3");
    CHECK(again.terminator == "done");
    CHECK(Json::parse(again.lines.at(0))["done"] == 2);
    CHECK(times(stage.exabgp, leased_route(1)) == 1);
    CHECK(times(stage.exabgp, leased_route(2)) == 0);
    CHECK(stage.service.status()["routes"]["gone"] == 1);
    CHECK(listed(stage.service)[0]["name"] == "dns");
    // By whom does not matter; what is gone needs no withdrawal.
    const Answer withdrawn = stage.service.client().command("sidecar withdraw 1 2");
    CHECK(withdrawn.terminator == "done");
    CHECK(Json::parse(withdrawn.lines.at(0))["done"] == 1);
    CHECK(times(stage.exabgp, leased_route(1, "withdraw")) == 1);
    CHECK(times(stage.exabgp, leased_route(2, "withdraw")) == 0);
    CHECK(listed(stage.service).size() == 1);
    stage.exabgp.stop();
    CHECK(eventually([&] { return stage.service.status()["state"] != "up"; }));
    CHECK(has(client.command("sidecar replay 3").lines.at(0), "error: not-sent: "));
}

TEST_CASE("a route of a client that left before its answer ends with it as well") {
    Stage stage;
    stage.exabgp.silence(true);
    {
        TestClient client = holder(stage.service, "1h 100ms");
        client.send_line(leased_route(1));
        REQUIRE(eventually([&] { return stage.service.status()["queue"]["in_flight"] == 1; }));
    }
    stage.exabgp.silence(false);
    REQUIRE(eventually([&] { return times(stage.exabgp, leased_route(1, "withdraw")) == 1; }));
    CHECK(eventually([&] { return listed(stage.service).empty(); }));
}

}  // namespace exapulse::test
