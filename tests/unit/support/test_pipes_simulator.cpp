// SPDX-License-Identifier: BSD-3-Clause
// The simulator of ExaBGP's named pipes answers, and misbehaves, as the real ones do.
#include <algorithm>
#include <fcntl.h>
#include <optional>
#include <string>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/support/harness/exabgp_under_test.hpp"
#include "tests/support/pipes_simulator/pipes_conversation.hpp"
#include "tests/unit/daemon/upstream/simulated_pipes.hpp"

namespace exapulse::test {

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

TEST_CASE_FIXTURE(Simulated, "version, comments and errors overtake what is queued") {
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

TEST_CASE_FIXTURE(Simulated, "reset drops what is queued and is not answered") {
    client.send_raw("test slow 1000 A\n" + std::string(announce) + "\nreset\nversion\n");
    CHECK(client.read_answer() == version_42);
    CHECK(client.command("show adj-rib out") == Answer{{}, "done"});
    CHECK(exabgp.routes().empty());
}

TEST_CASE_FIXTURE(Simulated, "answers without a terminator, with two, half ones, and none") {
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

TEST_CASE_FIXTURE(Simulated50, "lines of any length arrive whole, both ways") {
    constexpr std::size_t megabyte = 1'000'000;
    const auto answer = client.command(fmt::format("test lines 1 {} T", megabyte));
    REQUIRE(answer.lines.size() == 1);
    CHECK(answer.lines[0].size() == megabyte);
    CHECK(answer.terminator == "done");
    CHECK(client.command("# " + std::string(megabyte, 'x')) == Answer{{}, "done"});
    CHECK(exabgp.killed() == 0);
}

TEST_CASE("an answer waits for a reader") {
    const TempDir dir;
    PipesSimulator exabgp(dir / "exabgp", Dialect::Pipes42);
    const FileDescriptor in(open((exabgp.name() + ".in").c_str(), O_WRONLY | O_CLOEXEC));
    REQUIRE(write(in.get(), "version\n", 8) == 8);
    CHECK(eventually([&] { return exabgp.count_of("version") == 1; }));
    CHECK(PipesClient(exabgp.name()).read_answer() == version_42);
}

TEST_CASE_FIXTURE(Simulated, "without acks no terminator comes, also from the next process") {
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

}  // namespace exapulse::test
