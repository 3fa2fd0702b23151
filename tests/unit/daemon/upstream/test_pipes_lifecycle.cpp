// SPDX-License-Identifier: BSD-3-Clause
// The simulator of ExaBGP's named pipes lives in processes, and dies, as the real ones do.
#include <algorithm>
#include <filesystem>
#include <string>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/support/harness/exabgp_under_test.hpp"
#include "tests/unit/daemon/upstream/simulated_pipes.hpp"

namespace exapulse::test {

namespace {

constexpr std::size_t pipe_size = 65'536;

bool holds(pid_t pid, const std::string& path) {
    for (const auto& fd : std::filesystem::directory_iterator(fmt::format("/proc/{}/fd", pid)))
        if (std::filesystem::read_symlink(fd.path()) == path) return true;
    return false;
}

pid_t parent_of(pid_t pid) {
    const std::string stat = read_file(fmt::format("/proc/{}/stat", pid));
    return std::stoi(stat.substr(stat.rfind(')') + std::string(") S ").size()));
}

}  // namespace

TEST_CASE_FIXTURE(Simulated, "only the relay holds the pipe, and ExaBGP is its parent") {
    const std::string in = exabgp.name() + ".in";
    const pid_t relay = exabgp.relay_pid();
    CHECK(holds(relay, in));
    CHECK_FALSE(holds(exabgp.pid(), in));
    CHECK(parent_of(relay) == exabgp.pid());
    CHECK(read_file(exabgp.pidfile()) == fmt::format("{}\n", exabgp.pid()));
}

TEST_CASE_FIXTURE(Simulated, "a reload replaces the relay and keeps process and routes") {
    const pid_t pid = exabgp.pid(), relay = exabgp.relay_pid();
    REQUIRE(client.command(announce).terminator == "done");
    SUBCASE("by signal or control") {
        exabgp.bounce(milliseconds(100));
        CHECK_FALSE(client.has_relay());
        CHECK_FALSE(client.send_line("version"));
    }
    SUBCASE("by command") {
        exabgp.set_respawn(milliseconds(100));
        CHECK(client.command("reload") == Answer{{"reload in progress"}, "done"});
        CHECK(eventually([&] { return !client.has_relay(); }));
    }
    CHECK(eventually([&] { return client.has_relay(); }));
    CHECK(client.command("version") == version_42);
    CHECK(exabgp.pid() == pid);
    CHECK(exabgp.relay_pid() != relay);
    CHECK(exabgp.routes() == Lines{"10.0.0.0/24"});
}

TEST_CASE_FIXTURE(Simulated, "what the relay has not read waits in the pipe for the next one") {
    exabgp.freeze_relay(true);
    client.send_line("version");
    SUBCASE("of the same process") {
        exabgp.bounce();
    }
    SUBCASE("of another process") {
        exabgp.crash();
        exabgp.start();
    }
    CHECK(client.read_answer() == version_42);
}

TEST_CASE_FIXTURE(
    Simulated, "a clean stop is told on the pipe, a kill is not; another process has no routes") {
    REQUIRE(client.command(announce).terminator == "done");
    const pid_t pid = exabgp.pid();
    const Lines farewell{fmt::format("shutdown {} {}", pid, getpid()), ""};
    SUBCASE("SIGTERM") {
        exabgp.stop();
        CHECK(read_lines(client, 2) == farewell);
        CHECK_FALSE(std::filesystem::exists(exabgp.pidfile()));
    }
    SUBCASE("the command") {
        CHECK(client.command("shutdown") == Answer{{"shutdown in progress"}, "done"});
        CHECK(read_lines(client, 2) == farewell);
        CHECK(eventually([&] { return !exabgp.is_running(); }));
    }
    SUBCASE("kill -9") {
        exabgp.crash();
        CHECK(std::filesystem::exists(exabgp.pidfile()));
    }
    CHECK_FALSE(client.has_relay());
    exabgp.start();
    CHECK(client.command("version") == version_42);
    CHECK(exabgp.pid() != pid);
    CHECK(exabgp.routes().empty());
    CHECK(exabgp.count_of("version") == 1);
}

TEST_CASE_FIXTURE(
    Simulated, "stopped, ExaBGP answers nothing and its relay reads on until two pipes are full") {
    exabgp.silence(true);
    CHECK(client.send_line("version"));
    CHECK_FALSE(client.read_line(milliseconds(50)));
    CHECK(exabgp.count_of("version") == 0);
    const std::string comment = "# " + std::string(1021, 'x') + "\n";
    std::size_t sent = 0;
    while (client.send_raw(comment, milliseconds(50))) sent += comment.size();
    CHECK(sent > pipe_size);
    CHECK(sent < 3 * pipe_size);
    exabgp.silence(false);
    CHECK(client.read_answer() == version_42);
}

TEST_CASE_FIXTURE(Simulated, "with its relay stopped the pipe fills") {
    exabgp.freeze_relay(true);
    const std::string comment = "# " + std::string(1021, 'x') + "\n";
    std::size_t sent = 0;
    while (client.send_raw(comment, milliseconds(20))) sent += comment.size();
    CHECK(sent == pipe_size);
    exabgp.freeze_relay(false);
    const std::size_t comments = sent / comment.size();
    CHECK(read_lines(client, comments) == Lines(comments, "done"));
}

TEST_CASE_FIXTURE(
    Simulated, "a relay that is killed comes back, and answers still queued go to the next one") {
    client.send_line("test slow 300 A");
    REQUIRE(eventually([&] { return exabgp.count_of("test slow 300 A") == 1; }));
    SUBCASE("killed") {
        exabgp.kill_relay();
        CHECK(client.read_answer() == echo_of("A"));
    }
    SUBCASE("reloaded: then they go to nobody") {
        exabgp.bounce();
        CHECK(client.command("test slow 400 B") == echo_of("B"));
    }
    CHECK(exabgp.killed() == 0);
}

TEST_CASE_FIXTURE(Simulated, "a relay that dies too often takes ExaBGP with it") {
    int deaths = 0;
    while (exabgp.is_running()) {
        REQUIRE(++deaths <= 10);  // a new minute may begin in between
        exabgp.kill_relay();
    }
    CHECK(deaths >= 5);
    CHECK_FALSE(client.has_relay());
}

TEST_CASE_FIXTURE(Simulated50,
                  "a byte from 0x80 on kills the relay, and a line over 1 MiB that of 5.0") {
    constexpr std::size_t too_long = 1'100'000;
    const pid_t relay = exabgp.relay_pid();
    SUBCASE("a byte") {
        client.send_line("# caf\xc3\xa9");
    }
    SUBCASE("a line") {
        client.send_raw(std::string(too_long, 'x'));
    }
    CHECK(eventually([&] { return exabgp.killed() == 1; }));
    CHECK(eventually([&] { return exabgp.relay_pid() != relay; }));
    CHECK(eventually([&] { return client.has_relay(); }));
    // What was left of the long line in the pipe becomes the start of the next one.
    client.send_line("");
    static_cast<void>(client.read_answer());
    CHECK(client.command("version") == version_50);
}

TEST_CASE("the simulator of pipes as an ExaBGP under test") {
    const TempDir dir;
    const auto exabgp = simulated_pipes_exabgp(dir.path(), Dialect::Pipes50);
    CHECK(exabgp->upstream_flags() == Lines{"--fifo", exabgp->path()});
    exabgp->start();
    REQUIRE(eventually([&] { return std::filesystem::exists(exabgp->path() + ".out"); }));
    PipesClient client(exabgp->path());
    CHECK(client.command("version") == version_50);
    exabgp->stop();
    CHECK(client.has_relay());
    client.send_line("version");
    CHECK_FALSE(client.read_line(milliseconds(50)));
    exabgp->cont();
    CHECK(client.read_answer() == version_50);
    exabgp->bounce();
    CHECK(eventually([&] { return !client.has_relay(); }));
    CHECK(eventually([&] { return client.has_relay(); }));
    exabgp->kill();
    CHECK(eventually([&] { return !client.has_relay(); }));
    exabgp->start();
    CHECK(eventually([&] { return client.has_relay(); }));
    exabgp->restart_process();
    CHECK(client.read_line().value_or("").starts_with("shutdown "));
}

}  // namespace exapulse::test
