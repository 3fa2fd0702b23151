// SPDX-License-Identifier: BSD-3-Clause
// Shares: what one user's clients may hold, and that others and admins are served all the same.
#include <algorithm>
#include <fstream>
#include <string>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include <doctest/doctest.h>

#include "tests/integration/memory_tells.hpp"
#include "tests/integration/stage.hpp"

using namespace exapulse::test;
using namespace std::chrono_literals;

namespace {

/// Resident memory of exapulsed, in MiB.
long memory_of(Service& service) {
    std::ifstream status("/proc/" + std::to_string(service.process().pid()) + "/status");
    std::string word;
    while (status >> word)
        if (word == "VmRSS:") break;
    long kib = 0;
    status >> kib;
    return kib / 1024;
}

/// A client of the user nobody, who is no admin; only root can play two users.
TestClient nobodys_client(const Service& service) {
    constexpr uid_t nobody = 65'534;
    const auto become = [](uid_t uid) {  // this thread alone, not the whole process
        REQUIRE(syscall(SYS_setresuid, -1, uid, -1) == 0);
    };
    become(nobody);
    auto client = TestClient::try_connect(service.socket());
    become(0);
    REQUIRE(client);
    return std::move(*client);
}

/// How often ExaBGP got the line.
std::ptrdiff_t received(const Stage& stage, std::string_view line) {
    const auto lines = stage.exabgp.received();
    return std::count(lines.begin(), lines.end(), line);
}

struct SharedStage : Stage {
    explicit SharedStage(const std::string& limits)
        : Stage("[socket]\nmode = \"0666\"\n[limits]\n" + limits) {
        REQUIRE(chmod(service.dir().path().c_str(), 0755) == 0);
    }
};

#define NEEDS_ROOT()                                     \
    if (geteuid() != 0) {                                \
        MESSAGE("skipped: needs root, to be two users"); \
        return;                                          \
    }

}  // namespace

TEST_CASE("an admin can connect although others have used up the limit") {
    NEEDS_ROOT();
    SharedStage stage("clients = 3\nadmin_clients = 1\n");
    std::vector<TestClient> others;
    for (int i = 0; i < 3; ++i) {
        REQUIRE(eventually([&] {
            TestClient client = nobodys_client(stage.service);
            if (client.command("test echo ok") != echo_ok) return false;
            others.push_back(std::move(client));
            return true;
        }));
    }
    for (int i = 0; i < 100; ++i) {
        const Answer refusal = nobodys_client(stage.service).read_answer();
        REQUIRE(refusal.lines.size() == 1);
        REQUIRE(refusal.lines[0].find("limits.clients (3)") != std::string::npos);
    }
    std::vector<TestClient> knocking;
    for (int i = 0; i < 10; ++i) knocking.push_back(nobodys_client(stage.service));
    CHECK(stage.service.client().command("test echo ok") == echo_ok);
}

TEST_CASE(
    "disconnected clients do not count, and their commands take turns as one, up to a limit") {
    Stage stage("[limits]\nclients = 30\nadmin_clients = 0\ndeparted_commands = 100\n");
    TestClient gate = stage.service.client();
    gate.send_line("test slow 3000 gate");
    REQUIRE(eventually([&] { return stage.exabgp.received().size() == 1; }));
    std::string lines;
    for (int i = 0; i < 20; ++i) lines += "test echo left\n";
    for (int i = 0; i < 60; ++i) {
        // Once more where one that has just left is still counted.
        REQUIRE(eventually([&] {
            TestClient client = stage.service.client();
            return client.command("session bye").terminator == "done" && client.send_raw(lines);
        }));
    }
    CHECK(eventually([&] { return stage.service.status()["clients"] <= 2; }));
    CHECK(stage.service.status()["queue"]["waiting"] == 100);
    CHECK(stage.service.logs("limits.departed_commands (100)"));
    TestClient other = stage.service.client();
    CHECK(other.command("test echo ok") == echo_ok);
    const auto lines_now = stage.exabgp.received();
    const auto ok = std::find(lines_now.begin(), lines_now.end(), "test echo ok");
    CHECK(std::count(lines_now.begin(), ok, "test echo left") <= 2);
    CHECK(eventually([&] { return received(stage, "test echo left") == 100; }));
}

TEST_CASE("commands before a subscription are executed although their client disconnects") {
    Stage stage;
    TestClient gate = stage.service.client();
    gate.send_line("test slow 500 gate");
    REQUIRE(eventually([&] { return stage.exabgp.received().size() == 1; }));
    {
        TestClient client = stage.service.client();
        client.send_raw("test echo one\ntest echo two\nsidecar subscribe\n");
        REQUIRE(eventually([&] { return stage.service.status()["subscribers"] == 1; }));
    }
    CHECK(eventually([&] { return received(stage, "test echo two") == 1; }));
    CHECK(received(stage, "test echo one") == 1);
}

TEST_CASE("endless lines use no more than their user's share") {
    NEEDS_ROOT();
    SharedStage stage("memory = \"16MiB\"\n");
    const long before = memory_of(stage.service);
    std::vector<TestClient> clients;
    const std::string half_a_line(1'000'000, 'x');
    for (int i = 0; i < 100; ++i) {
        clients.push_back(nobodys_client(stage.service));
        REQUIRE(clients.back().send_raw(half_a_line));
    }
    const Answer refusal = clients.back().read_answer();
    REQUIRE(refusal.lines.size() == 1);
    CHECK(refusal.lines[0].starts_with("error: busy: "));
    CHECK(refusal.lines[0].find("limits.memory (16MiB)") != std::string::npos);
    CHECK(stage.service.client().command("test echo ok") == echo_ok);
    const long after = memory_of(stage.service);
    MESSAGE(before << " MiB before, " << after << " MiB after");
    if (memory_tells) CHECK(after < before + 50);

    clients.erase(clients.begin(), clients.end() - 1);
    CHECK(eventually([&] { return clients.back().command("\ntest echo ok") != refusal; }));
}

TEST_CASE("memory is returned when clients disconnect") {
    Stage stage;
    const long before = memory_of(stage.service);
    {
        std::vector<TestClient> clients;
        for (int i = 0; i < 15; ++i) {
            clients.push_back(stage.service.client());
            clients.back().send_line("test lines 500 10000 unread");
        }
        REQUIRE(eventually([&] { return stage.service.status()["queue"]["waiting"] == 0; }, 120s));
        MESSAGE(before << " MiB before, " << memory_of(stage.service) << " MiB with 15 answers");
    }
    if (memory_tells)
        CHECK(eventually([&] { return memory_of(stage.service) < before + 25; }, 30s));
}

TEST_CASE("answers that wait for an unanswered command use no more than their share") {
    // It stays unanswered, however long the rest takes.
    Stage stage("[limits]\nmemory = \"32MiB\"\n[commands]\ndeadline = \"10m\"\n");
    std::vector<TestClient> clients;
    for (int i = 0; i < 200; ++i) clients.push_back(stage.service.client());
    const long before = memory_of(stage.service);
    std::string lines = "test slow 600000 gate\n";
    for (int i = 0; i < 1'000; ++i) lines += "sidecar clients\n";
    for (int i = 0; i < 20; ++i) REQUIRE(clients[static_cast<std::size_t>(i)].send_raw(lines));
    TestClient other = stage.service.client();
    CHECK(other.command("bye").terminator == "done");
    REQUIRE(eventually([&] { return stage.service.status()["queue"]["waiting"] >= 19; }));
    std::this_thread::sleep_for(1s);
    const long after = memory_of(stage.service);
    MESSAGE(before << " MiB before, " << after << " MiB after");
    if (memory_tells) CHECK(after < before + 100);
    CHECK(other.command("bye").terminator == "done");
}
