// SPDX-License-Identifier: BSD-3-Clause
// `exapulse ready` and `exapulse check`: exit codes and the one line.
#include <csignal>
#include <optional>

#include <doctest/doctest.h>

#include "tests/integration/stage.hpp"
#include "tests/support/harness/eventually.hpp"
#include "tests/support/harness/has.hpp"

using namespace exapulse::test;

TEST_CASE("ready and check follow ExaBGP from up over degraded to down and back") {
    Stage stage("", "2s");
    const auto ready = stage.service.run({"ready"});
    CHECK(ready.status == 0);
    CHECK(ready.out.starts_with("up since "));
    const auto check = stage.service.run({"check"});
    CHECK(check.status == 0);
    CHECK(check.out.starts_with("EXABGP OK: up since "));
    CHECK(has(check.out, " | latency=0.0"));

    Subscription events = stage.service.subscribe();
    stage.exabgp.silence(true);
    static_cast<void>(events.next("degraded"));
    CHECK(stage.service.run({"ready", "-q"}).status == 1);
    static_cast<void>(events.next("failed"));
    const auto down = stage.service.run({"ready"});
    CHECK(down.status == 2);
    CHECK(down.out.starts_with("down since "));
    const auto critical = stage.service.run({"check"});
    CHECK(critical.status == 2);
    CHECK(critical.out.starts_with("EXABGP CRITICAL: down since "));
    stage.exabgp.silence(false);
    static_cast<void>(events.next("recovered"));
    CHECK(stage.service.run({"ready"}).status == 0);
}

TEST_CASE("check --peers follows the BGP sessions") {
    Stage stage;
    const auto none = stage.service.run({"check", "--peers", "all"});
    CHECK(none.status == 2);
    CHECK(has(none.out, "0 of 1 peer established, not established: 127.0.0.1 ("));
    CHECK(has(none.out, " peers=0;1:;1:;0;1"));
    CHECK(stage.service.run({"check"}).status == 0);
    stage.exabgp.set_peer_state("ESTABLISHED");
    CHECK(stage.service.run({"check", "--peers", "all"}).status == 0);
    const auto too_few = stage.service.run({"check", "--peers=2"});
    CHECK(too_few.status == 1);
    CHECK(has(too_few.out, "EXABGP WARNING: up since "));
    CHECK(stage.service.run({"check", "--peers", "0"}).status == 3);
}

TEST_CASE("right after a start of exapulsed the first answer of ExaBGP is awaited") {
    const TempDir dir;
    ExabgpSimulator exabgp(dir / "exabgp.sock");
    for (const std::string command : {"status", "ready", "check"}) {
        CAPTURE(command);
        exabgp.set_answer_delay(std::chrono::milliseconds(40));
        Service service(exabgp.path(), {"", "1h", {}, {}});
        const auto run = service.run({command});
        CHECK_MESSAGE(run.status == 0, run.out);
        CHECK_FALSE(has(run.out, "connecting"));
    }
}

TEST_CASE("alive: exapulsed answers, whatever the state of ExaBGP and the limits on clients") {
    Stage stage("[limits]\nclients = 1\nadmin_clients = 1\n", "100ms");
    const auto alive = stage.service.run({"alive"});
    CHECK(alive.status == 0);
    CHECK(alive.out.starts_with("exapulsed "));
    CHECK(has(alive.out, " is alive\n"));

    Subscription events = stage.service.subscribe();
    stage.exabgp.silence(true);
    static_cast<void>(events.next("failed"));
    CHECK(stage.service.run({"ready"}).status == 2);
    CHECK(stage.service.run({"alive"}).status == 0);
    stage.exabgp.crash();
    CHECK(stage.service.run({"alive"}).status == 0);

    // A client that has just left may still be counted: then the next one tries again.
    std::optional<TestClient> another;
    REQUIRE(eventually([&] {
        another.emplace(stage.service.client());
        return another->command("sidecar version").terminator == "done";
    }));
    CHECK(stage.service.run({"status"}).status == 6);
    const auto busy = stage.service.run({"alive"});
    CHECK(busy.status == 0);
    CHECK(has(busy.out, "exapulsed is alive, and busy: "));
    const auto quiet = stage.service.run({"alive", "-q"});
    CHECK(quiet.status == 0);
    CHECK(quiet.out.empty());
}

TEST_CASE("alive: one that is stopped, none, and what is no exapulsed") {
    Stage stage;
    stage.service.process().freeze();
    const auto silent = stage.service.run({"alive", "-t", "200ms"});
    CHECK(silent.status == 7);
    CHECK(has(silent.err, "has not answered within 200ms"));
    stage.service.process().signal(SIGCONT);
    CHECK(stage.service.run({"alive"}).status == 0);
    const TempDir dir;
    CHECK(stage.service.run({"alive", "--socket", dir / "none"}).status == 8);
    const ExabgpSimulator another(dir / "exabgp.sock");
    const auto foreign = stage.service.run({"alive", "--socket", another.path()});
    CHECK(foreign.status == 8);
    CHECK(has(foreign.err, "does not answer as exapulsed does"));
    CHECK(stage.service.run({"alive", "extra"}).status == 2);
}

TEST_CASE("no exapulsed, one that says nothing, wrong usage") {
    Stage stage;
    const TempDir dir;
    const std::string none = dir / "none";
    const auto ready = stage.service.run({"ready", "--socket", none});
    CHECK(ready.status == 3);
    CHECK(has(ready.out, "systemctl status exapulsed"));
    const auto quiet = stage.service.run({"ready", "-q", "--socket", none});
    CHECK(quiet.status == 3);
    CHECK(quiet.out.empty());
    CHECK(quiet.err.empty());
    const auto check = stage.service.run({"check", "--socket", none});
    CHECK(check.status == 2);
    CHECK(check.out.starts_with("EXABGP CRITICAL: exapulsed is not reachable"));

    stage.service.process().signal(SIGSTOP);
    CHECK(stage.service.run({"ready", "-t", "200ms"}).status == 3);
    const auto silent = stage.service.run({"check", "-t", "200ms"});
    CHECK(silent.status == 2);
    CHECK(has(silent.out, "EXABGP CRITICAL: "));
    stage.service.process().signal(SIGCONT);

    CHECK(stage.service.run({"ready", "--no-such"}).status == 3);
    const auto wrong = stage.service.run({"check", "-w", "soon"});
    CHECK(wrong.status == 3);
    CHECK(wrong.out == "EXABGP UNKNOWN: --warning: soon is not a time such as 500ms, 30s or 5m\n");
    CHECK(stage.service.run({"check", "-q"}).out.empty());
    CHECK(stage.service.run({"--timeout", "5s", "check", "extra"}).status == 3);
    CHECK(stage.service.run({"status", "extra"}).status == 2);
}
