// SPDX-License-Identifier: BSD-3-Clause
// `exapulse wait`: for ExaBGP, for its peers, and over an exapulsed that is restarted.
#include <csignal>
#include <cstdlib>
#include <vector>

#include <doctest/doctest.h>

#include "tests/integration/client/fake_exapulsed.hpp"
#include "tests/integration/stage.hpp"
#include "tests/support/harness/eventually.hpp"
#include "tests/support/harness/has.hpp"

using namespace exapulse::test;
using namespace std::chrono_literals;

namespace {

constexpr const char* often = "[peers]\ninterval = \"100ms\"\n";

/// An `exapulse wait` that runs, once it has subscribed.
std::unique_ptr<ChildProcess> waiting(const Stage& stage, std::vector<std::string> words) {
    const char* program = std::getenv("EXAPULSE");
    REQUIRE(program != nullptr);
    words.insert(words.begin(), {program, "--socket", stage.service.socket(), "wait"});
    auto process = std::make_unique<ChildProcess>(words);
    REQUIRE(eventually([&] { return stage.service.status()["subscribers"] == 1; }));
    return process;
}

}  // namespace

TEST_CASE("wait up returns at once when it is, with a word; with -q without") {
    const Stage stage;
    const auto up = stage.service.run({"wait", "up"});
    CHECK(up.status == 0);
    CHECK(up.out == "up\n");
    CHECK(stage.service.run({"wait", "-q", "up"}).out.empty());
}

TEST_CASE("wait restart and wait down: when it happens") {
    Stage stage("", "300ms");
    const auto restart = waiting(stage, {"restart", "up"});
    stage.exabgp.crash();
    stage.exabgp.start();
    CHECK(restart->wait_exit() == 0);
    CHECK(restart->stdout_text() == "restart, up\n");
    const auto down = waiting(stage, {"--any", "down", "no-peer", "127.0.0.1"});
    stage.exabgp.stop();
    CHECK(down->wait_exit() == 0);
    CHECK(down->stdout_text() == "down\n");
}

TEST_CASE("wait for a peer: established, down, not there") {
    Stage stage(often);
    CHECK(stage.service.run({"wait", "peer", "127.0.0.1", "idle"}).status == 0);
    CHECK(stage.service.run({"wait", "no-peer", "127.0.0.9", "peer", "127.0.0.1", "down"}).status ==
          0);
    const auto established = waiting(stage, {"peer", "127.0.0.1", "established"});
    CHECK(established->is_running());
    stage.exabgp.set_peer_state("ESTABLISHED");
    CHECK(established->wait_exit() == 0);
    const auto down = waiting(stage, {"peer", "127.0.0.1", "down"});
    stage.exabgp.set_peer_state("ACTIVE");
    CHECK(down->wait_exit() == 0);
    CHECK(down->stdout_text() == "peer 127.0.0.1 down\n");
}

TEST_CASE("wait believes no picture from before it, and sees every state come") {
    Stage stage(often);
    stage.exabgp.set_peer_state("ESTABLISHED");
    const auto peers = stage.service.run({"peers"});
    CHECK(has(peers.out, "established"));
    stage.exabgp.set_peer_state("IDLE");
    CHECK(stage.service.run({"wait", "-t", "1s", "peer", "127.0.0.1", "established"}).status == 7);
    const auto active = waiting(stage, {"peer", "127.0.0.1", "active"});
    CHECK(active->is_running());
    stage.exabgp.set_peer_state("ACTIVE");
    CHECK(active->wait_exit() == 0);
}

TEST_CASE("of an ExaBGP that has failed nothing is known about its peers") {
    Stage stage(often, "100ms");
    const auto down = waiting(stage, {"down", "peer", "127.0.0.1", "idle"});
    CHECK(eventually([&] { return stage.exabgp.count_of("daemon status") >= 2; }));
    stage.exabgp.silence(true);
    stage.service.await("down");
    CHECK(down->is_running());
    CHECK(stage.service.run({"wait", "-t", "300ms", "peer", "127.0.0.1", "idle"}).status == 7);
    stage.exabgp.silence(false);
    CHECK(stage.service.run({"wait", "up", "peer", "127.0.0.1", "idle"}).status == 0);
}

TEST_CASE("time is up: exit 7, and what is missing") {
    const Stage stage(often);
    const auto late = stage.service.run({"wait", "--timeout", "500ms", "restart"});
    CHECK(late.status == 7);
    CHECK(late.err == "exapulse: not within 500ms (--timeout): restart (none yet)\n");
    const auto none = stage.service.run({"wait", "-t", "1s", "peer", "127.0.0.9", "established"});
    CHECK(none.status == 7);
    CHECK(has(none.err, "peer 127.0.0.9 established (ExaBGP has no such peer"));
}

TEST_CASE("an exapulsed that is restarted is waited for; one that never was only for a time") {
    Stage stage;
    const auto restart = waiting(stage, {"restart"});
    stage.service.restart(SIGTERM);
    stage.service.await("up");
    CHECK(eventually([&] { return stage.service.status()["subscribers"] == 1; }));
    CHECK(restart->is_running());
    stage.exabgp.crash();
    stage.exabgp.start();
    CHECK(restart->wait_exit() == 0);

    const auto up = waiting(stage, {"down", "-t", "2s"});
    stage.service.process().signal(SIGTERM);
    CHECK(up->wait_exit() == 7);
    CHECK(has(up->stderr_text(), "within 2s (--timeout): exapulsed is not reachable"));

    const std::string none = stage.dir / "none";
    CHECK(stage.service.run({"wait", "up", "--socket", none}).status == 8);
    const auto late = stage.service.run({"wait", "up", "--socket", none, "-t", "300ms"});
    CHECK(late.status == 7);
    CHECK(has(late.err, "within 300ms (--timeout): exapulsed is not reachable"));
}

TEST_CASE("an exapulsed that is busy is waited for as one that is not there") {
    Stage stage("[limits]\nclients = 3\nadmin_clients = 0\n");
    std::vector<TestClient> others = stage.service.clients(3);
    CHECK(stage.service.run({"wait", "up"}).status == 6);
    const auto late = stage.service.run({"wait", "up", "-t", "300ms"});
    CHECK(late.status == 7);
    CHECK(has(late.err, "within 300ms (--timeout): busy: "));
    ChildProcess up({require_environment("EXAPULSE"), "--socket", stage.service.socket(), "wait",
                     "up", "-t", "1m"});
    CHECK(up.is_running());
    others.clear();
    CHECK(up.wait_exit() == 0);
}

TEST_CASE("a wait goes on when exapulsed is busy after it was away") {
    const FakeExapulsed exapulsed;
    ChildProcess wait(
        {require_environment("EXAPULSE"), "--socket", exapulsed.path, "wait", "down"});
    const auto snapshot = [](const std::string& state) {
        return R"({"type":"state","seq":1,"boot":"b","state":")" + state + R"(","uuid":"u"})";
    };
    exapulsed.accept_client().send_line(snapshot("up"));
    for (int i = 0; i < 2; ++i) exapulsed.accept_client().send_line("error: busy: full\nerror");
    exapulsed.accept_client().send_line(snapshot("down"));
    CHECK(wait.wait_exit() == 0);
    CHECK(wait.stdout_text() == "down\n");
    CHECK(wait.stderr_text().empty());
}
