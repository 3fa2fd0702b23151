// SPDX-License-Identifier: BSD-3-Clause
// Many clients: turns are fair, the slow and the rude harm themselves only, limits are named.
#include <algorithm>
#include <csignal>
#include <string>
#include <sys/resource.h>
#include <thread>
#include <vector>

#include <doctest/doctest.h>

#include "tests/integration/stage.hpp"

using namespace exapulse::test;
using namespace std::chrono_literals;

namespace {

/// The position of `line` among all that reached ExaBGP.
std::ptrdiff_t position(const Stage& stage, const std::string& line) {
    const auto lines = stage.exabgp.received();
    return std::find(lines.begin(), lines.end(), line) - lines.begin();
}

}  // namespace

TEST_CASE("a batch of 10,000 commands delays another client's by at most two") {
    Stage stage;
    TestClient batch = stage.service.client();
    TestClient single = stage.service.client();
    std::string lines;
    for (int i = 0; i < 10'000; ++i) lines += "test echo " + std::to_string(i) + "\n";
    std::thread sender([&] { batch.send_raw(lines); });
    REQUIRE(eventually([&] { return stage.exabgp.received().size() > 100; }));
    const auto before = stage.exabgp.received().size();
    CHECK(single.command("test echo ok") == echo_ok);
    const auto after = stage.exabgp.received().size();
    // Of the batch only what was sent between our look and the command's arrival, and two more.
    const auto at = static_cast<std::size_t>(position(stage, "test echo ok"));
    CHECK(at >= before - 2);
    CHECK(after - at <= 1'000);
    for (int i = 0; i < 10'000; ++i) {
        const Answer answer = batch.read_answer();
        if (answer.lines.size() == 1 &&
            answer.lines[0] == R"({"echo": ")" + std::to_string(i) + R"("})")
            continue;
        FAIL("answer " << i << " is " << answer);
    }
    sender.join();
    CHECK(stage.exabgp.received().size() == 10'001);
}

TEST_CASE("while one client's batch waits, each other client's command is one of the next two") {
    Stage stage;
    TestClient batch = stage.service.client();
    batch.send_raw("test slow 300 gate\n");
    REQUIRE(eventually([&] { return stage.exabgp.received().size() == 1; }));
    std::string lines;
    for (int i = 0; i < 1'000; ++i) lines += "test echo batch\n";
    batch.send_raw(lines);
    REQUIRE(eventually([&] { return stage.service.status()["queue"]["waiting"] == 1'000; }));
    TestClient single = stage.service.client();
    CHECK(single.command("test echo ok") == echo_ok);
    // A probe of exapulsed's own may come between the clients' lines.
    const auto lines_now = stage.exabgp.received();
    const auto ok = std::find(lines_now.begin(), lines_now.end(), "test echo ok");
    CHECK(std::count(lines_now.begin(), ok, "test echo batch") <= 1);
}

TEST_CASE("a client that disconnects in mid-command: its answer goes to nobody") {
    Stage stage;
    TestClient stays = stage.service.client();
    {
        TestClient leaves = stage.service.client();
        leaves.send_line("test slow 200 gone");
        REQUIRE(eventually([&] { return stage.exabgp.received().size() == 1; }));
    }
    CHECK(stays.command("test echo ok") == echo_ok);
    CHECK(stage.exabgp.received().size() == 2);
    CHECK(eventually([&] { return stage.service.status()["clients"] == 2; }));
}

TEST_CASE("a slow subscriber gets the number of events that it missed, and delays nobody") {
    Stage stage("[limits]\nclient_backlog = 4096\n");
    Subscription slow = stage.service.subscribe();
    Subscription quick = stage.service.subscribe();
    const Json first = slow.next("state");
    static_cast<void>(quick.next("state"));
    // Each bounce is two events; the slow one's kernel buffer and backlog hold some hundred.
    std::uint64_t last_seq = 0;
    int rounds = 0;
    while (stage.service.log().find("does not read its events") == std::string::npos) {
        REQUIRE(++rounds < 3'000);
        stage.exabgp.bounce();
        CHECK(quick.next("reconnected")["type"] == "reconnected");
    }
    stage.exabgp.bounce();
    last_seq = quick.next("reconnected")["seq"];
    std::uint64_t seq = first["seq"];
    std::uint64_t dropped = 0;
    while (seq < last_seq) {
        const Json event = slow.next();
        REQUIRE(event["type"] != "");
        const std::uint64_t now = event["seq"];
        if (event["type"] == "lagged") {
            dropped = event["dropped"];
            CHECK(now == seq + dropped);  // no event is neither sent nor counted
        } else {
            CHECK(now == seq + 1);
        }
        seq = now;
    }
    CHECK(dropped > 0);
    stage.exabgp.bounce();
    CHECK(slow.next()["type"] == "disconnected");
}

TEST_CASE("clients beyond the limit are refused with its name, and served once others leave") {
    struct Row {
        const char* limits;
        const char* named;
    };
    for (const Row& row :
         {Row{"clients = 3\nadmin_clients = 0\n", "limits.clients (3)"},
          Row{"clients_per_uid = 3\nadmin_clients = 0\n", "limits.clients_per_uid (3)"}}) {
        CAPTURE(std::string(row.named));
        Stage stage(std::string("[limits]\n") + row.limits);
        std::vector<TestClient> clients;
        // A client that has just left may still be counted: then the next one tries again.
        const auto one_more_attaches = [&] {
            TestClient client = stage.service.client();
            if (client.command("test echo ok") != echo_ok) return false;
            clients.push_back(std::move(client));
            return true;
        };
        for (int i = 0; i < 3; ++i) REQUIRE(eventually(one_more_attaches));
        TestClient fourth = stage.service.client();
        const Answer refusal = fourth.read_answer();
        REQUIRE(refusal.lines.size() == 1);
        CHECK(refusal.lines[0].starts_with("error: busy: "));
        CHECK(refusal.lines[0].find(row.named) != std::string::npos);
        CHECK(refusal.terminator == "error");
        CHECK(fourth.at_eof());
        clients.pop_back();
        CHECK(eventually(one_more_attaches));
    }
}

TEST_CASE("clients leave exapulsed the descriptors that it needs itself") {
    Stage stage("[limits]\nadmin_clients = 0\n");
    const pid_t pid = stage.service.process().pid();
    const rlimit few{100, 100};
    REQUIRE(prlimit(pid, RLIMIT_NOFILE, &few, nullptr) == 0);
    stage.service.process().signal(SIGHUP);
    REQUIRE(stage.service.logs("this process may have 100, so limits.clients is 36"));
    REQUIRE(stage.service.logs("reloaded"));
    std::vector<TestClient> clients;
    std::size_t served = 0;
    for (int i = 0; i < 120; ++i) {
        clients.push_back(stage.service.client());
        static_cast<void>(clients.back().send_line("test echo ok"));  // to one that may be refused
        const Answer answer = clients.back().read_answer();
        if (answer == echo_ok)
            ++served;
        else
            CHECK(has(answer.lines.at(0), "limits.clients (36)"));
    }
    CHECK(served <= 36);
    CHECK(served >= 30);
    stage.exabgp.restart();
    CHECK(eventually([&] { return clients.front().command("test echo ok") == echo_ok; }));
}

TEST_CASE("commands beyond the limit of one client are refused in their place") {
    Stage stage("[limits]\nclient_pending = 3\n");
    TestClient client = stage.service.client();
    std::string lines = "test slow 200 gate\n";
    for (int i = 0; i < 5'000; ++i) lines += "test echo " + std::to_string(i) + "\n";
    std::thread sender([&] { client.send_raw(lines); });
    CHECK(client.read_answer().lines[0] == R"({"echo": "gate"})");
    int carried_out = 0;
    int busy = 0;
    for (int i = 0; i < 5'000; ++i) {
        const Answer answer = client.read_answer();
        if (answer.terminator == "done") {
            ++carried_out;
            CHECK(answer.lines[0] == R"({"echo": ")" + std::to_string(i) + R"("})");
        } else {
            ++busy;
            REQUIRE(answer.lines.size() == 1);
            REQUIRE(answer.lines[0].starts_with("error: busy: "));
            REQUIRE(answer.lines[0].find("limits.client_pending (3)") != std::string::npos);
        }
    }
    sender.join();
    CHECK(carried_out + busy == 5'000);
    CHECK(busy > 0);
    CHECK(stage.exabgp.received().size() == static_cast<std::size_t>(carried_out) + 1);
}

TEST_CASE("a thousand clients at once") {
    Stage stage;
    std::vector<TestClient> clients;
    for (int i = 0; i < 1'000; ++i) {
        clients.push_back(stage.service.client());
        clients.back().send_line("test echo " + std::to_string(i));
    }
    int right = 0;
    for (int i = 0; i < 1'000; ++i)
        right += clients[static_cast<std::size_t>(i)].read_answer() ==
                 Answer{{R"({"echo": ")" + std::to_string(i) + R"("})"}, "done"};
    CHECK(right == 1'000);
}
