// SPDX-License-Identifier: BSD-3-Clause
// The main job, on whichever ExaBGP there is: the simulator, or the real one of EXABGP_HOME.
#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <memory>
#include <thread>

#include <doctest/doctest.h>

#include "tests/integration/attach.hpp"

using namespace exapulse::test;
using namespace std::chrono_literals;

TEST_SUITE_BEGIN("any exabgp");

namespace {

/// The suite `real` sets EXAPULSE_TEST_UPSTREAM=real.
std::unique_ptr<ExabgpUnderTest> make_exabgp(const std::string& folder) {
    const char* upstream = std::getenv("EXAPULSE_TEST_UPSTREAM");
    const bool real = upstream != nullptr && std::string_view(upstream) == "real";
    return real ? real_exabgp(folder) : simulated_exabgp(folder);
}

struct AnyExabgp {
    TempDir dir;
    std::unique_ptr<ExabgpUnderTest> exabgp = make_exabgp(dir.path());
    std::unique_ptr<Service> service;

    explicit AnyExabgp(const std::string& interval = slow_ticks)
        : service(attach(*exabgp, interval)) {}

    [[nodiscard]] std::string spelled(const std::string& command) const {
        return exapulse::test::spelled(*exabgp, command);
    }

    /// Runs a route command of its own and looks whether the answer is the one to it.
    [[nodiscard]] bool gets_own_answer(int number) const {
        if (exabgp->has_pipes()) {
            // Their errors are bare; but what a client has announced is shown to it.
            const std::string prefix = "10.7." + std::to_string(number) + ".0/24";
            const auto announced =
                service->run({"run", "announce route " + prefix + " next-hop 10.9.9.9"});
            const auto shown = service->run({"run", "show adj-rib out"});
            return announced.status == 0 && announced.out.empty() && shown.status == 0 &&
                   shown.out.find(prefix) != std::string::npos;
        }
        const std::string prefix = "bad" + std::to_string(number) + "x";
        const auto run = service->run({"run", spelled("announce route " + prefix)});
        return run.status == 1 && run.err.find(prefix) != std::string::npos;
    }
};

}  // namespace

TEST_CASE("kill -9 and a new start: disconnected, restarted with both UUIDs") {
    AnyExabgp stage;
    Subscription events = stage.service->subscribe();
    const Json before = events.next("state");
    stage.exabgp->kill();
    const Json lost = events.next();
    CHECK(lost["type"] == "disconnected");
    CHECK(lost["cause"] == "closed");
    CHECK(lost["state"] == "connecting");
    stage.exabgp->start();
    const Json restarted = events.next(start_time);
    CHECK(restarted["type"] == "restarted");
    CHECK(restarted["previous"] == before["uuid"]);
    CHECK(restarted["uuid"] != before["uuid"]);
    CHECK(restarted["state"] == "up");
    CHECK(restarted["seq"] == before["seq"].get<int>() + 2);
    CHECK(stage.service->status()["uuid"] == restarted["uuid"]);
}

TEST_CASE("SIGSTOP: degraded, degraded, failed; SIGCONT: recovered, and commands flow again") {
    AnyExabgp stage("500ms");
    Subscription events = stage.service->subscribe();
    const Json before = events.next("state");
    stage.exabgp->stop();
    CHECK(events.types(3) == std::vector<std::string>{"degraded", "degraded", "failed"});
    CHECK(stage.service->status()["state"] == "down");
    stage.exabgp->cont();
    const Json recovered = events.next(start_time);
    CHECK(recovered["type"] == "recovered");
    CHECK(recovered["uuid"] == before["uuid"]);
    const Answer answer = stage.service->client().command(stage.spelled("version"), start_time);
    CHECK(answer.terminator == "done");
    CHECK(answer.lines.size() == 1);
}

TEST_CASE("a restart command replaces the relay: disconnected, reconnected with the same UUID") {
    AnyExabgp stage;
    Subscription events = stage.service->subscribe();
    const Json before = events.next("state");
    const auto run = stage.service->run({"run", stage.spelled("restart")});
    // Its answer is sometimes lost with the connection; then the verdict must say so.
    CHECK((run.status == 0 || run.status == 3));
    CHECK(events.next()["type"] == "disconnected");
    const Json back = events.next(start_time);
    CHECK(back["type"] == "reconnected");
    CHECK(back["uuid"] == before["uuid"]);
}

TEST_CASE("fifty runs one after another and sixteen at once: each gets its own answer") {
    AnyExabgp stage;
    int wrong = 0;
    for (int i = 0; i < 50; ++i) wrong += stage.gets_own_answer(i) ? 0 : 1;
    CHECK(wrong == 0);

    std::atomic<int> wrong_at_once = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 16; ++i)
        threads.emplace_back([&, i] { wrong_at_once += stage.gets_own_answer(100 + i) ? 0 : 1; });
    for (std::thread& thread : threads) thread.join();
    CHECK(wrong_at_once == 0);
}

TEST_CASE("a flood of commands from many clients comes back whole") {
    AnyExabgp stage;
    std::atomic<int> wrong = 0;
    std::vector<std::thread> threads;
    for (int c = 0; c < 8; ++c)
        threads.emplace_back([&] {
            TestClient client = stage.service->client();
            std::string batch;
            for (int i = 0; i < 200; ++i)
                batch += (i % 2 == 0 ? stage.spelled("version") : "no such command") + "\n";
            client.send_raw(batch);
            for (int i = 0; i < 200; ++i) {
                const Answer answer = client.read_answer(start_time);
                const bool right = i % 2 == 0
                                       ? answer.terminator == "done" && answer.lines.size() == 1
                                       : answer == Answer{{}, "error"};
                wrong += right ? 0 : 1;
            }
        });
    for (std::thread& thread : threads) thread.join();
    CHECK(wrong == 0);
    CHECK(stage.service->status()["state"] == "up");
}

TEST_SUITE_END();

TEST_SUITE_BEGIN("real exabgp only");

TEST_CASE("the unmodified CLI of ExaBGP 6 runs through our socket while ten other clients do" *
          doctest::skip(real_dialect() != "v6")) {
    AnyExabgp stage;
    const std::string alias = stage.service->dir() / "exabgp.sock";
    std::atomic<bool> over = false;
    std::atomic<int> answered = 0;
    std::atomic<int> wrong = 0;
    std::vector<std::thread> others;
    for (int i = 0; i < 10; ++i)
        others.emplace_back([&] {
            TestClient client = stage.service->client();
            while (!over) {
                wrong += client.command("no such command") == Answer{{}, "error"} ? 0 : 1;
                ++answered;
            }
        });
    for (int i = 0; i < 5; ++i) {
        CHECK(run_exabgp_cli(alias, {"peer", "list"}).find("127.0.0.1") != std::string::npos);
        CHECK(run_exabgp_cli(alias, {"system", "version"}).find("\"application\": \"exabgp\"") !=
              std::string::npos);
    }
    over = true;
    for (std::thread& other : others) other.join();
    CHECK(wrong == 0);
    CHECK(answered > 100);
}

TEST_SUITE_END();
