// SPDX-License-Identifier: BSD-3-Clause
// exapulsed on the named pipes of a simulated ExaBGP 4.2 or 5.0, and what can go wrong with them.
#include <algorithm>
#include <atomic>
#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

#include <doctest/doctest.h>

#include "common/file_descriptor.hpp"
#include "tests/integration/service.hpp"
#include "tests/support/harness/descriptor_limit.hpp"
#include "tests/support/pipes_simulator/pipes_simulator.hpp"

using namespace exapulse::test;
using namespace std::chrono_literals;
using exapulse::Dialect;
using exapulse::FileDescriptor;
namespace fs = std::filesystem;

namespace {

Service::Options options_for(const std::string& name, const std::string& config,
                             const std::string& interval) {
    Service::Options options;
    options.config = config;
    options.interval = interval;
    options.flags = {"--fifo", name};
    return options;
}

struct PipesTest {
    TempDir dir;
    PipesSimulator exabgp;
    Service service;

    explicit PipesTest(Dialect dialect = Dialect::Pipes42, const std::string& config = "",
                       const std::string& interval = "1h")
        : exabgp(dir / "exabgp", dialect),
          service("", options_for(exabgp.name(), config, interval)) {
        service.await("up");
        exabgp.clear_history();
    }
};

const std::string route_command = "announce route 10.0.0.0/24 next-hop 192.0.2.1";

std::string first_line(const Answer& answer) {
    return answer.lines.empty() ? "" : answer.lines[0];
}

}  // namespace

TEST_CASE("pipes: a reload keeps the UUID; a stop is reported; another process has another UUID") {
    for (const Dialect dialect : {Dialect::Pipes42, Dialect::Pipes50}) {
        CAPTURE(name_of(dialect));
        PipesTest stage(dialect);
        CHECK(stage.service.status()["dialect"] == std::string(name_of(dialect)));
        CHECK(stage.service.status()["identity"]["method"] == "process");
        Subscription events = stage.service.subscribe();
        const Json first = events.next("state");
        stage.exabgp.bounce(50ms);
        CHECK(events.next()["cause"] == "closed");
        const Json back = events.next();
        CHECK(back["type"] == "reconnected");
        CHECK(back["uuid"] == first["uuid"]);

        stage.exabgp.stop();
        const Json stopped = events.next();
        CHECK(stopped["type"] == "disconnected");
        CHECK(stopped["cause"] == "stopped");
        stage.exabgp.start();
        const Json second = events.next();
        CHECK(second["type"] == "restarted");
        CHECK(second["previous"] == first["uuid"]);
        CHECK(second["cause"] == "stopped");

        stage.exabgp.crash();
        CHECK(events.next()["cause"] == "closed");
        stage.exabgp.start();
        const Json third = events.next();
        CHECK(third["type"] == "restarted");
        CHECK(third["uuid"] != first["uuid"]);
    }
}

TEST_CASE("pipes: ExaBGPs that die before they are up do not delay the attempt after them") {
    PipesTest stage;
    const auto asked = [&] {
        return stage.exabgp.count_if([](const std::string& line) {
            return line.find("system api version ") != line.npos;
        }) > 0;
    };
    stage.exabgp.set_answer_delay(patience);
    for (int i = 0; i < 7; ++i) {
        CAPTURE(i);
        stage.exabgp.crash();
        stage.exabgp.clear_history();
        stage.exabgp.start();
        // A pause that doubles without a bound is 3.7 s and more in the end.
        CHECK(eventually(asked, 2'500ms));
    }
    stage.exabgp.set_answer_delay(0ms);
    stage.exabgp.restart();
    stage.service.await("up");
}

TEST_CASE("pipes: the UUID outlives exapulsed, and a restart meanwhile is reported") {
    PipesTest stage;
    const Json before = stage.service.status();
    stage.service.restart(SIGTERM);
    stage.service.await("up");
    CHECK(stage.service.status()["uuid"] == before["uuid"]);
    stage.service.process().signal(SIGTERM);
    REQUIRE(stage.service.process().wait_exit());
    stage.exabgp.restart();
    stage.service.start();
    CHECK(stage.service.logs("restarted: "));
}

TEST_CASE("pipes: anything else in place of the pipes is named, and left alone") {
    const TempDir dir;
    const std::string name = dir / "exabgp";
    const std::string in = name + ".in", out = name + ".out";
    Service service("", options_for(name, "", "1h"));
    CHECK(service.explains(in + " does not exist"));
    REQUIRE(mkfifo(in.c_str(), 0600) == 0);
    CHECK(service.explains(out + " does not exist"));
    REQUIRE(mkfifo(out.c_str(), 0600) == 0);
    CHECK(service.explains("nobody reads " + in));

    fs::remove(in);
    std::ofstream(in) << "precious";
    CHECK(service.explains(in + " is a regular file, not a named pipe"));
    CHECK(fs::file_size(in) == 8);
    fs::remove(in);
    REQUIRE(mknod(in.c_str(), S_IFSOCK | 0600, 0) == 0);
    CHECK(service.explains(in + " is a socket, not a named pipe"));
    fs::remove(in);
    fs::create_symlink(dir / "nothing", in);
    CHECK(service.explains(in + " is a symbolic link to nothing"));

    fs::remove(in);
    REQUIRE(mkfifo((dir / "elsewhere").c_str(), 0600) == 0);
    fs::create_symlink(dir / "elsewhere", in);
    const PipesSimulator exabgp(name, Dialect::Pipes42);
    service.await("up");
}

TEST_CASE(
    "pipes: two exapulsed: the second says which program has the pipes, the first keeps running") {
    PipesTest stage;
    const Service second("", options_for(stage.exabgp.name(), "", "1h"));
    CHECK(second.explains("exapulsed (pid " + std::to_string(stage.service.process().pid()) +
                          ") holds the lock"));
    CHECK(stage.service.client().command("version").terminator == "done");
    CHECK(stage.service.status()["state"] == "up");
}

TEST_CASE("pipes: another reader of the answers is named in the log") {
    PipesTest stage;
    const FileDescriptor thief(
        open((stage.exabgp.name() + ".out").c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    REQUIRE(thief.is_open());
    // Seen at the latest when an answer is missing; this one never comes.
    TestClient client = stage.service.client();
    client.send_raw("test mute A\n");
    CHECK(stage.service.logs("(pid " + std::to_string(getpid()) + ") reads "));
    CHECK(first_line(client.read_answer()).starts_with("error: outcome-unknown: "));
}

TEST_CASE(
    "4.2: lines that ExaBGP fails on without an answer cost a moment each, and blame nobody") {
    PipesTest stage(Dialect::Pipes42, "", "1s");
    Subscription events = stage.service.subscribe();
    CHECK(events.next()["type"] == "state");
    TestClient client = stage.service.client();
    const auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < 10; ++i) {
        const std::string net = "10.0." + std::to_string(i);
        client.send_raw("announce route " + net + ".0/24 next-hop 192.0.2.256\nannounce route " +
                        net + ".0/24 next-hop 192.0.2.1\n");
    }
    for (int i = 0; i < 10; ++i) {
        const Answer bad = client.read_answer();
        CHECK(first_line(bad).starts_with("error: exabgp-failed: ExaBGP 4.2.21"));
        CHECK(bad.terminator == "error");
        CHECK(client.read_answer() == Answer{{}, "done"});
    }
    CHECK(std::chrono::steady_clock::now() - begin < 15s);
    CHECK(stage.exabgp.routes().size() == 10);
    // A long answer comes in the end, however slow.
    CHECK(client.command("test slow 3000 A").terminator == "done");
    CHECK(client.command("test dribble 3 1500 B").lines.size() == 3);
    CHECK(client.command("test unended C").lines.back().starts_with("error: exabgp-failed: "));
    CHECK(client.command("version").terminator == "done");
    CHECK(stage.service.status()["state"] == "up");
    CHECK(events.next(200ms)["type"] == "");
    CHECK(stage.service.log().find("as well and gets answers") == std::string::npos);
}

TEST_CASE("an answer that came while exapulsed was stopped is read before deadlines are judged") {
    PipesTest stage(Dialect::Pipes42, "[commands]\ndeadline = \"1s\"\n");
    const FileDescriptor pipe(
        open((stage.exabgp.name() + ".out").c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    const int whole = static_cast<int>(std::string_view("{\"echo\": \"A0\"}\ndone\n").size());
    for (int i = 0; i < 3; ++i) {
        TestClient client = stage.service.client();
        const std::string slow = "test slow 500 A" + std::to_string(i);
        client.send_raw(slow + "\n");
        REQUIRE(eventually([&] { return stage.exabgp.count_of(slow) == 1; }));
        stage.service.process().freeze();
        CHECK(eventually([&] {
            int waiting = 0;
            return ioctl(pipe.get(), FIONREAD, &waiting) == 0 && waiting == whole;
        }));
        std::this_thread::sleep_for(1s);  // until the deadline is certainly over
        stage.service.process().signal(SIGCONT);
        const Answer answer = client.read_answer();
        CAPTURE(first_line(answer));
        CHECK(answer.terminator == "done");
    }
}

TEST_CASE("pipes: a helper or an ExaBGP that dies in mid-command: outcome-unknown") {
    PipesTest stage;
    const Json before = stage.service.status();
    Subscription events = stage.service.subscribe();
    CHECK(events.next()["type"] == "state");
    TestClient client = stage.service.client();
    const Answer half = client.command("test half A");
    CHECK(half.lines.back().starts_with("error: outcome-unknown: "));
    CHECK(events.next()["type"] == "disconnected");
    CHECK(events.next()["type"] == "reconnected");

    client.send_raw("test slow 60000 B\n");
    REQUIRE(eventually([&] { return stage.exabgp.count_of("test slow 60000 B") == 1; }));
    stage.exabgp.crash();
    CHECK(first_line(client.read_answer()).starts_with("error: outcome-unknown: "));
    CHECK(events.next()["type"] == "disconnected");
    stage.exabgp.start();
    CHECK(events.next()["previous"] == before["uuid"]);
    CHECK(stage.exabgp.count_of("test slow 60000 B") == 1);
}

TEST_CASE("pipes: what a dead helper had not read is not left for the next ExaBGP to find") {
    PipesTest stage(Dialect::Pipes42, "[commands]\nhold = \"300ms\"\n");
    stage.exabgp.freeze_relay(true);
    TestClient client = stage.service.client();
    client.send_raw(route_command + "\n");
    const FileDescriptor pipe(
        open((stage.exabgp.name() + ".in").c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC));
    {
        std::optional<DescriptorLimit> limit;
        SUBCASE("") {}
        SUBCASE("without a free descriptor") {
            limit.emplace(0U, stage.service.process().pid());
        }
        stage.exabgp.crash();
        CHECK(first_line(client.read_answer()).starts_with("error: not-sent: "));
    }
    stage.exabgp.start();
    stage.service.await("up");
    CHECK(client.command("version").terminator == "done");
    CHECK(stage.exabgp.count_of(route_command) == 0);
    CHECK(stage.exabgp.routes().empty());
}

TEST_CASE("pipes: a partial line left in the pipe does not become part of a command") {
    const TempDir dir;
    PipesSimulator exabgp(dir / "exabgp", Dialect::Pipes42);
    const FileDescriptor other(
        open((exabgp.name() + ".in").c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC));
    const std::string half = "announce route 10.0.0.0/2";
    REQUIRE(write(other.get(), half.data(), half.size()) == static_cast<ssize_t>(half.size()));
    const Service service("", options_for(exabgp.name(), "", "1h"));
    service.await("up");
    CHECK(service.client().command(route_command).terminator == "done");
    CHECK(exabgp.routes() == std::vector<std::string>{"10.0.0.0/24"});
}

TEST_CASE("pipes: long lines arrive whole, in both directions") {
    PipesTest stage;
    std::atomic<bool> over = false;
    std::atomic<int> wrong = 0;
    std::vector<std::thread> others;
    for (int i = 0; i < 5; ++i)
        others.emplace_back([&] {
            TestClient client = stage.service.client();
            while (!over) wrong += client.command("no such command") == Answer{{}, "error"} ? 0 : 1;
        });
    TestClient client = stage.service.client();
    const Answer big = client.command("test lines 1 1000000 A", 60s);
    CHECK(big.terminator == "done");
    CHECK(first_line(big).size() == 1'000'000);
    const std::string line = "test echo " + std::string(100'000, 'x');
    CHECK(client.command(line, 60s).terminator == "done");
    CHECK(stage.exabgp.count_of(line) == 1);
    over = true;
    for (std::thread& other : others) other.join();
    CHECK(wrong == 0);
}

TEST_CASE("pipes: a full pipe: outcome-unknown when bytes have left, else not-sent") {
    PipesTest stage(Dialect::Pipes42, "[commands]\ndeadline = \"500ms\"\n");
    stage.exabgp.freeze_relay(true);
    const FileDescriptor other(
        open((stage.exabgp.name() + ".in").c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC));
    const std::string filler(65'536, ' ');
    REQUIRE(write(other.get(), filler.data(), filler.size()) > 0);
    TestClient client = stage.service.client();
    CHECK(first_line(client.command(route_command)).starts_with("error: not-sent: "));
    stage.exabgp.freeze_relay(false);
    CHECK(eventually([&] { return client.command("version").terminator == "done"; }));
    CHECK(stage.exabgp.count_of(route_command) == 0);

    stage.exabgp.freeze_relay(true);
    const std::string line = "test echo " + std::string(100'000, 'x');
    CHECK(first_line(client.command(line)).starts_with("error: outcome-unknown: "));
    stage.exabgp.freeze_relay(false);
    CHECK(eventually([&] { return client.command("version").terminator == "done"; }));
    CHECK(stage.exabgp.count_of(line) == 1);  // whole: its end was not given up
}

TEST_CASE("pipes: answers out of order reach their clients") {
    for (const Dialect dialect : {Dialect::Pipes42, Dialect::Pipes50}) {
        CAPTURE(name_of(dialect));
        PipesTest stage(dialect);
        std::atomic<int> wrong = 0;
        std::vector<std::thread> threads;
        for (int c = 0; c < 8; ++c)
            threads.emplace_back([&, c] {
                TestClient client = stage.service.client();
                std::string batch;
                const auto tag = [&](int i) { return std::to_string(c) + "-" + std::to_string(i); };
                for (int i = 0; i < 50; ++i) batch += "test echo " + tag(i) + "\nwhat\n";
                client.send_raw(batch);
                for (int i = 0; i < 50; ++i) {
                    const Answer echo = client.read_answer(30s);
                    wrong += first_line(echo).find('"' + tag(i) + '"') != std::string::npos ? 0 : 1;
                    wrong += client.read_answer(30s) == Answer{{}, "error"} ? 0 : 1;
                }
            });
        for (std::thread& thread : threads) thread.join();
        CHECK(wrong == 0);
    }
}

TEST_CASE("pipes: lines that these versions would misread are refused") {
    PipesTest old;
    TestClient client = old.service.client();
    CHECK(client.command("# reload") == Answer{{}, "done"});
    CHECK(first_line(client.command("note reload")).starts_with("error: denied: "));
    CHECK(first_line(client.command("announce watchdog version"))
              .starts_with("error: denied: ExaBGP 4.2 searches a line for commands anywhere"));
    CHECK(first_line(client.command("x shutdown,")).starts_with("error: denied: "));
    CHECK(first_line(client.command("flush adj-rib out")).starts_with("error: denied: "));
    CHECK(client.command("reset").terminator == "done");  // exapulsed's own: ExaBGP never sees it
    CHECK(old.exabgp.received().empty());

    PipesTest newer(Dialect::Pipes50);
    CHECK(
        first_line(newer.service.client().command("version json")).starts_with("error: denied: "));
    CHECK(newer.exabgp.received().empty());
    PipesTest unguarded(Dialect::Pipes50, "[commands]\nunguarded = [\"json\"]\n");
    const Answer lost = unguarded.service.client().command("version json");
    CHECK(first_line(lost).starts_with("error: outcome-unknown: "));
    CHECK(unguarded.exabgp.killed() == 1);
}

TEST_CASE("pipes: a stopped ExaBGP is degraded, then failed, then recovered") {
    PipesTest stage(Dialect::Pipes42, "", "200ms");
    Subscription events = stage.service.subscribe();
    const Json first = events.next("state");
    stage.exabgp.silence(true);
    CHECK(events.types(3) == std::vector<std::string>{"degraded", "degraded", "failed"});
    stage.exabgp.silence(false);
    const Json back = events.next();
    CHECK(back["type"] == "recovered");
    CHECK(back["uuid"] == first["uuid"]);
}

TEST_CASE("pipes: without permission the file, its mode, its owner and the drop-in are named") {
    if (geteuid() != 0) return;  // root alone can run exapulsed as somebody else
    PipesTest stage;
    TempDir state;
    REQUIRE(chmod(stage.exabgp.name().substr(0, stage.exabgp.name().rfind('/')).c_str(), 0755) ==
            0);
    REQUIRE(chmod((stage.exabgp.name() + ".in").c_str(), 0644) == 0);
    REQUIRE(chmod((stage.exabgp.name() + ".out").c_str(), 0644) == 0);
    REQUIRE(chmod(state.path().c_str(), 0777) == 0);
    ChildProcess nobody({"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups",
                         require_environment("EXAPULSED"), "--config", "/dev/null", "--fifo",
                         stage.exabgp.name(), "--socket", state / "s.sock", "--state-dir",
                         state.path()});
    const auto said = [&](const std::string& part) {
        return nobody.stderr_text().find(part) != std::string::npos;
    };
    CHECK(eventually([&] { return said("disconnected: no permission to read and write "); }));
    CHECK(said(stage.exabgp.name() + ".out (mode 0644, root:root)"));
    CHECK(said("systemctl edit exapulsed and set User=root under [Service]"));
}

TEST_CASE("pipes: an answer to another program is never taken for a client's, not even the first") {
    PipesTest stage;
    Subscription events = stage.service.subscribe();
    events.next("state");
    stage.exabgp.set_answer_delay(300ms);
    TestClient client = stage.service.client();
    client.send_line(route_command);
    CHECK(eventually([&] { return stage.exabgp.count_of(route_command) == 1; }));
    // An error that ExaBGP gives at once, before the other answer.
    std::ofstream(stage.exabgp.name() + ".in") << "nonsense\n" << std::flush;
    const Answer verdict = client.read_answer();
    CHECK(first_line(verdict).starts_with("error: outcome-unknown: "));
    CHECK(first_line(verdict).find("writes into ExaBGP's pipe") != std::string::npos);
    CHECK(events.next()["type"] == "contended");
    // Who opens the pipe for a moment may be met there, or not.
    CHECK(stage.service.status()["contended"].is_object());
    CHECK(stage.service.run({"status"}).out.find("writes into ExaBGP's pipe") != std::string::npos);
    CHECK(stage.service.run({"check"}).status == 1);
    CHECK(stage.service.run({"ready"}).status == 0);
}

TEST_CASE("pipes: despite another writer nearly all commands get their own verdict") {
    for (const Dialect dialect : {Dialect::Pipes42, Dialect::Pipes50}) {
        CAPTURE(name_of(dialect));
        PipesTest stage(dialect);
        std::atomic<bool> enough = false;
        std::thread writer([&] {
            // Opened once, as `exec 3>exabgp.in` does.
            std::ofstream in(stage.exabgp.name() + ".in");
            for (int i = 0; !enough; ++i) {
                in << (i % 3 == 0   ? "announce route 10.1.0.0/24 next-hop 192.0.2.9\n"
                       : i % 3 == 1 ? "nonsense\n"
                                    : "show neighbor summary\n")
                   << std::flush;
                std::this_thread::sleep_for(20ms);
            }
        });
        REQUIRE(eventually([&] { return stage.service.status()["contended"].is_object(); }));
        TestClient client = stage.service.client();
        int without = 0;  // a verdict of ExaBGP's: on a busy machine the step may be lost
        constexpr int commands = 100;
        for (int i = 0; i < commands; ++i) {
            const bool valid = i % 2 == 0;
            const Answer verdict = client.command(
                valid ? route_command : "announce route 10.0.0.0/99 next-hop 192.0.2.1");
            if (first_line(verdict).starts_with("error: outcome-unknown: ") ||
                first_line(verdict).starts_with("error: not-sent: "))
                ++without;
            else
                CHECK_MESSAGE(verdict.terminator == (valid ? "done" : "error"),
                              "command " << i << ": " << first_line(verdict));
        }
        enough = true;
        writer.join();
        CHECK(without < commands / 4);
        CHECK(stage.service.status()["contended"].is_object());
        CHECK(eventually([&] { return stage.service.status()["ready"] == true; }));
    }
}
