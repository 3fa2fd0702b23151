// SPDX-License-Identifier: BSD-3-Clause
// The simulator of ExaBGP's named pipes answers, dies and misbehaves as the real ones do.
#include <algorithm>
#include <fcntl.h>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/support/exabgp_under_test.hpp"
#include "tests/support/pipes_client.hpp"
#include "tests/support/pipes_conversation.hpp"
#include "tests/support/pipes_simulator.hpp"
#include "tests/support/temp_dir.hpp"

namespace exapulse::test {

namespace {

using std::chrono::milliseconds;
using Lines = std::vector<std::string>;

constexpr std::string_view announce = "announce route 10.0.0.0/24 next-hop 192.0.2.1";
constexpr std::size_t pipe_size = 65'536;

const Answer version_42{{"exabgp 4.2.21-simulator"}, "done"};
const Answer version_50{{"exabgp 5.0.13-simulator"}, "done"};

struct Simulated {
    explicit Simulated(Dialect dialect = Dialect::Pipes42) : exabgp(dir / "exabgp", dialect) {}

    TempDir dir;
    PipesSimulator exabgp;
    PipesClient client{exabgp.name()};
};

Answer echo_of(std::string_view tag) {
    return {{fmt::format(R"({{"echo": "{}"}})", tag)}, "done"};
}

Lines read_lines(PipesClient& client, std::size_t count) {
    Lines lines;
    while (lines.size() < count)
        if (auto line = client.read_line())
            lines.push_back(*line);
        else
            break;
    return lines;
}

/// The processes that have a file open.
std::set<pid_t> holders(const std::string& path) {
    namespace fs = std::filesystem;
    std::set<pid_t> result;
    std::error_code gone;  // a process may end while it is looked at
    for (const auto& process : fs::directory_iterator("/proc")) {
        const std::string name = process.path().filename();
        if (name.find_first_not_of("0123456789") != name.npos) continue;
        for (const auto& fd : fs::directory_iterator(process.path() / "fd", gone))
            if (fs::read_symlink(fd.path(), gone) == path) result.insert(std::stoi(name));
    }
    return result;
}

pid_t parent_of(pid_t pid) {
    const std::string stat = read_file(fmt::format("/proc/{}/stat", pid));
    return std::stoi(stat.substr(stat.rfind(')') + std::string(") S ").size()));
}

}  // namespace

TEST_CASE("the pipes' conversations are those of ExaBGP") {
    for (const Dialect dialect : {Dialect::Pipes42, Dialect::Pipes50}) {
        CAPTURE(name_of(dialect));
        Simulated simulated(dialect);
        CHECK(replay(simulated.client, pipes_conversation(dialect)) == "");
        CHECK(simulated.exabgp.routes().empty());
        CHECK(simulated.exabgp.killed() == 0);
    }
}

TEST_CASE("a real ExaBGP has the same conversations on its pipes" *
          doctest::skip(real_dialect() != "4.2" && real_dialect() != "5.0")) {
    const Dialect dialect = real_dialect() == "5.0" ? Dialect::Pipes50 : Dialect::Pipes42;
    const TempDir dir;
    const auto exabgp = real_exabgp(dir.path());
    exabgp->start();
    PipesClient client(exabgp->path());
    CHECK(replay(client, pipes_conversation(dialect)) == "");
    for (const auto killer : pipes_killers(dialect)) {
        CAPTURE(killer);
        REQUIRE(eventually([&] { return client.has_relay(); }));
        REQUIRE(client.command("version").terminator == "done");
        client.send_line(killer);
        CHECK(eventually([&] { return !client.has_relay(); }));
        exabgp->kill();
        exabgp->start();
    }
}

TEST_CASE("some commands kill ExaBGP") {
    for (const Dialect dialect : {Dialect::Pipes42, Dialect::Pipes50}) {
        Simulated simulated(dialect);
        int killed = 0;
        for (const auto killer : pipes_killers(dialect)) {
            CAPTURE(killer);
            simulated.client.send_line(killer);
            CHECK(eventually([&] { return !simulated.exabgp.is_running(); }));
            CHECK(eventually([&] { return !simulated.client.has_relay(); }));
            CHECK(simulated.exabgp.killed() == ++killed);
            simulated.exabgp.start();
        }
        CHECK(simulated.client.command("version").terminator == "done");
    }
}

TEST_CASE("only the relay holds the pipe, and ExaBGP is its parent") {
    Simulated simulated;
    const std::string in = simulated.exabgp.name() + ".in";
    const pid_t relay = simulated.exabgp.relay_pid();
    CHECK(holders(in) == std::set{relay, getpid()});
    CHECK(parent_of(relay) == simulated.exabgp.pid());
    CHECK(read_file(simulated.exabgp.pidfile()) == fmt::format("{}\n", simulated.exabgp.pid()));
}

TEST_CASE("a reload replaces the relay and keeps process and routes") {
    Simulated simulated;
    auto& [dir, exabgp, client] = simulated;
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

TEST_CASE("what the relay has not read waits in the pipe for the next one") {
    Simulated simulated;
    simulated.exabgp.freeze_relay(true);
    simulated.client.send_line("version");
    SUBCASE("of the same process") {
        simulated.exabgp.bounce();
    }
    SUBCASE("of another process") {
        simulated.exabgp.crash();
        simulated.exabgp.start();
    }
    CHECK(simulated.client.read_answer() == version_42);
}

TEST_CASE("a clean stop is told on the pipe, a kill is not; another process has no routes") {
    Simulated simulated;
    auto& [dir, exabgp, client] = simulated;
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

TEST_CASE("version, comments and errors overtake what is queued") {
    Simulated simulated;
    auto& client = simulated.client;
    client.send_raw("test slow 100 A\nshow adj-rib out\nversion\n# x\nbogus\n");
    CHECK(read_lines(client, 7) == Lines{"exabgp 4.2.21-simulator", "done", "done", "error",
                                         R"({"echo": "A"})", "done", "done"});

    client.send_raw("test dribble 20 10 B\n");
    REQUIRE(client.read_line() == "B 0");
    client.send_line("version");
    const Lines lines = read_lines(client, 22);
    CHECK(std::count(lines.begin(), lines.end(), "done") == 2);
    CHECK(lines.back() == "done");
    CHECK(lines[lines.size() - 2] == "B 19");
}

TEST_CASE("reset drops what is queued and is not answered") {
    Simulated simulated;
    auto& [dir, exabgp, client] = simulated;
    client.send_raw("test slow 1000 A\n" + std::string(announce) + "\nreset\nversion\n");
    CHECK(client.read_answer() == version_42);
    CHECK(client.command("show adj-rib out") == Answer{{}, "done"});
    CHECK(exabgp.routes().empty());
}

TEST_CASE("answers without a terminator, with two, half ones, and none") {
    Simulated simulated;
    auto& [dir, exabgp, client] = simulated;
    const std::string echo = R"({"echo": "T"})";
    client.send_raw("test mute T\ntest unended T\ntest double T\ntest lines 2 8 T\n");
    CHECK(read_lines(client, 7) ==
          Lines{echo, echo, "done", "done", "T 0.....", "T 1.....", "done"});

    exabgp.set_respawn(milliseconds(100));
    client.send_line("test half T");
    CHECK(eventually([&] { return !client.has_relay(); }));
    CHECK_FALSE(client.read_line(milliseconds(0)));
    CHECK(client.half_a_line() == R"({"echo": "T)");
    CHECK(eventually([&] { return client.has_relay(); }));
    client.send_line("test hangup T");
    CHECK(eventually([&] { return !client.has_relay(); }));
}

TEST_CASE("lines of any length arrive whole, both ways") {
    constexpr std::size_t megabyte = 1'000'000;
    Simulated simulated(Dialect::Pipes50);
    const auto answer = simulated.client.command(fmt::format("test lines 1 {} T", megabyte));
    REQUIRE(answer.lines.size() == 1);
    CHECK(answer.lines[0].size() == megabyte);
    CHECK(answer.terminator == "done");
    CHECK(simulated.client.command("# " + std::string(megabyte, 'x')) == Answer{{}, "done"});
    CHECK(simulated.exabgp.killed() == 0);
}

TEST_CASE("an answer waits for a reader") {
    const TempDir dir;
    PipesSimulator exabgp(dir / "exabgp", Dialect::Pipes42);
    const FileDescriptor in(open((exabgp.name() + ".in").c_str(), O_WRONLY | O_CLOEXEC));
    REQUIRE(write(in.get(), "version\n", 8) == 8);
    CHECK(eventually([&] { return exabgp.count_of("version") == 1; }));
    CHECK(PipesClient(exabgp.name()).read_answer() == version_42);
}

TEST_CASE("stopped, ExaBGP answers nothing and its relay reads on until two pipes are full") {
    Simulated simulated;
    auto& [dir, exabgp, client] = simulated;
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

TEST_CASE("with its relay stopped the pipe fills") {
    Simulated simulated;
    auto& [dir, exabgp, client] = simulated;
    exabgp.freeze_relay(true);
    const std::string comment = "# " + std::string(1021, 'x') + "\n";
    std::size_t sent = 0;
    while (client.send_raw(comment, milliseconds(20))) sent += comment.size();
    CHECK(sent == pipe_size);
    exabgp.freeze_relay(false);
    const std::size_t comments = sent / comment.size();
    CHECK(read_lines(client, comments) == Lines(comments, "done"));
}

TEST_CASE("a relay that is killed comes back, and answers still queued go to the next one") {
    Simulated simulated;
    auto& [dir, exabgp, client] = simulated;
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

TEST_CASE("a relay that dies more than five times a minute takes ExaBGP with it") {
    Simulated simulated;
    auto& [dir, exabgp, client] = simulated;
    int deaths = 0;
    while (exabgp.is_running()) {
        REQUIRE(++deaths <= 10);  // a new minute may begin in between
        exabgp.kill_relay();
    }
    CHECK(deaths >= 5);
    CHECK_FALSE(client.has_relay());
}

TEST_CASE("a byte from 0x80 on kills the relay, and a line over 1 MiB that of 5.0") {
    constexpr std::size_t too_long = 1'100'000;
    Simulated simulated(Dialect::Pipes50);
    auto& [dir, exabgp, client] = simulated;
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

TEST_CASE("without acks no terminator comes, also from the next process") {
    Simulated simulated;
    auto& [dir, exabgp, client] = simulated;
    exabgp.set_acks(false);
    client.send_raw("bogus\nversion\n");
    CHECK(client.read_line() == version_42.lines[0]);
    exabgp.restart();
    CHECK(read_lines(client, 2).size() == 2);  // the farewell
    client.send_raw("bogus\nversion\nversion\n");
    CHECK(read_lines(client, 2) == Lines{version_42.lines[0], version_42.lines[0]});
}

TEST_CASE("faults strike some commands on pipes, and none is received twice") {
    constexpr std::size_t commands = 40;
    constexpr milliseconds longer_than_any_delay{150};
    const TempDir dir;
    PipesSimulator exabgp(dir / "exabgp", Dialect::Pipes42);
    exabgp.set_respawn(milliseconds(1));
    exabgp.set_faults(7, 0.5);
    std::size_t answered = 0;
    std::optional<PipesClient> client;
    for (std::size_t i = 0; i < commands; ++i) {
        const std::string tag = "tag-" + std::to_string(i);
        REQUIRE(eventually([&] {
            if (!client) client.emplace(exabgp.name());
            return client->send_line("test echo " + tag);
        }));
        if (client->read_answer(longer_than_any_delay) == echo_of(tag))
            ++answered;
        else
            client.reset();  // with what came of the answer
        CHECK(exabgp.count_of("test echo " + tag) <= 1);
    }
    CHECK(answered > commands / 4);
    CHECK(answered < commands);
    CHECK(exabgp.is_running());
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
