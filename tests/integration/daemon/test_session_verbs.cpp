// SPDX-License-Identifier: BSD-3-Clause
// Session verbs: each client has acks, sync and a group of its own, as on an ExaBGP of its own.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/integration/stage.hpp"

using namespace exapulse::test;
using namespace std::chrono_literals;

namespace {

const Answer done{{}, "done"};
const Answer echo_hello{{R"({"echo": "hello"})"}, "done"};
const std::string a_route = "route 10.7.0.0/24 next-hop 192.0.2.1";

}  // namespace

TEST_CASE("acks are those of one client: nobody else notices") {
    Stage stage;
    TestClient loud = stage.service.client();
    for (const char* off : {"session ack disable", "disable-ack"}) {
        CAPTURE(std::string(off));
        TestClient quiet = stage.service.client();
        CHECK(quiet.command(off) == done);
        // ExaBGP's answers, exapulsed's own, and its refusals: what is left of them is the data.
        quiet.send_line("peer * announce " + a_route);
        quiet.send_line("test error broken");
        quiet.send_line("no such command");
        quiet.send_line("system api version 4");
        quiet.send_line("daemon shutdown,");
        quiet.send_line("session ack disable");
        quiet.send_line("test echo hello");
        CHECK(quiet.read_line() == R"({"echo": "hello"})");
        CHECK(loud.command("test echo hello") == echo_hello);
        CHECK(quiet.command("session ack enable") == done);
        CHECK(quiet.command("test echo hello") == echo_hello);
    }
    for (const char* off : {"session ack silence", "silence-ack"}) {
        CAPTURE(std::string(off));
        TestClient quiet = stage.service.client();
        quiet.send_line(off);
        quiet.send_line("test echo hello");
        CHECK(quiet.read_line() == R"({"echo": "hello"})");
        CHECK(quiet.command("enable-ack") == done);
    }
    CHECK(loud.command("enable-ack") == done);
    CHECK(stage.exabgp.acks());
    CHECK(stage.exabgp.routes() == std::vector<std::string>{"10.7.0.0/24"});
}

TEST_CASE("acks change where the line is: earlier commands still have theirs") {
    Stage stage;
    TestClient client = stage.service.client();
    client.send_line(
        "test slow 300 first\nsession ack silence\ntest echo hello\nsession ack enable");
    CHECK(client.read_answer() == Answer{{R"({"echo": "first"})"}, "done"});
    CHECK(client.read_answer() == echo_hello);  // its data, and the ack of the last line
}

TEST_CASE("sync is one client's: its announces have the word, nobody else's") {
    Stage stage;
    TestClient careful = stage.service.client();
    TestClient other = stage.service.client();
    for (const char* on : {"session sync enable", "enable-sync"}) {
        CHECK(careful.command(on) == done);
        CHECK(careful.command("peer * announce " + a_route) == done);
        CHECK(careful.command("test echo hello") == echo_hello);
        CHECK(other.command("peer * announce " + a_route) == done);
        CHECK(careful.command("session sync disable") == done);
        CHECK(careful.command("peer * announce " + a_route) == done);
    }
    CHECK(stage.exabgp.count_of("peer * announce " + a_route + " sync") == 2);
    CHECK(stage.exabgp.count_of("peer * announce " + a_route) == 4);
    CHECK_FALSE(stage.exabgp.sync());
}

TEST_CASE("a group is gathered for its client, and reaches ExaBGP as one command") {
    Stage stage;
    TestClient client = stage.service.client();
    TestClient other = stage.service.client();
    const Answer started{{R"({"status": "group started"})"}, "done"};
    CHECK(client.command("group end") == Answer{{R"({"error": "not in group block"})"}, "error"});
    CHECK(client.command("group start") == started);
    CHECK(
        client.command("group start") ==
        Answer{{R"x({"error": "already in group block (nested groups not allowed)"})x"}, "error"});
    CHECK(client.command("announce " + a_route) == done);
    CHECK(other.command("group start") == started);
    CHECK(other.command("announce route 10.8.0.0/24 next-hop 192.0.2.1") == done);
    CHECK(client.command("announce garbage") == done);
    CHECK(client.command("test echo hello") == echo_hello);  // at once
    CHECK(stage.exabgp.routes().empty());
    CHECK(client.command("group end") ==
          Answer{{R"({"status": "group processed", "announced": 1, "withdrawn": 0, )"
                  R"("errors": ["could not parse: announce garbage"]})"},
                 "done"});
    CHECK(stage.exabgp.routes() == std::vector<std::string>{"10.7.0.0/24"});
    CHECK(stage.exabgp.count_of("peer * group announce " + a_route + " ; announce garbage") == 1);
    CHECK(other.command("group end").terminator == "done");
    CHECK(stage.exabgp.routes() == std::vector<std::string>{"10.7.0.0/24", "10.8.0.0/24"});
    CHECK(client.command("group start") == started);
    CHECK(client.command("group end") ==
          Answer{{R"({"status": "group ended", "commands": 0})"}, "done"});
}

TEST_CASE("a group has a limit, and a line beyond it is refused alone") {
    Stage stage("[limits]\nline_length = \"4KiB\"\n");
    TestClient client = stage.service.client();
    CHECK(client.command("group start").terminator == "done");
    int taken = 0;
    Answer answer = done;
    while (answer.terminator == "done" && taken < 1'000) {
        answer = client.command(fmt::format("announce route 10.{}.{}.0/24 next-hop 192.0.2.1",
                                            taken / 256, taken % 256));
        if (answer.terminator == "done") ++taken;
    }
    REQUIRE(answer.lines.size() == 1);
    CHECK(answer.lines[0].find("error: too-long: ") == 0);
    CHECK(answer.lines[0].find("limits.line_length") != std::string::npos);
    CHECK(client.command("announce route 10.0.0.0/24 next-hop 1.1.1.1 ; x").terminator == "error");
    CHECK(client.command("group end").terminator == "done");
    CHECK(stage.exabgp.routes().size() == static_cast<std::size_t>(taken));
    CHECK(taken > 50);
}

TEST_CASE("a group that is never ended goes with its client") {
    Stage stage;
    {
        TestClient client = stage.service.client();
        CHECK(client.command("group start").terminator == "done");
        CHECK(client.command("announce " + a_route) == done);
    }
    TestClient next = stage.service.client();
    CHECK(next.command("group end").terminator == "error");
    CHECK(stage.exabgp.routes().empty());
}

TEST_CASE("a reset takes back one's own waiting commands, nobody else's") {
    Stage stage;
    TestClient client = stage.service.client();
    TestClient other = stage.service.client();
    client.send_line("test slow 1000 first");  // ExaBGP has it
    REQUIRE(eventually([&] { return stage.exabgp.count_of("test slow 1000 first") == 1; }));
    other.send_line("test echo other");
    client.send_line("test echo dropped\nreset");
    CHECK(client.read_answer().terminator == "done");
    const Answer dropped = client.read_answer();
    CHECK(dropped.terminator == "error");
    REQUIRE(dropped.lines.size() == 1);
    CHECK(dropped.lines[0].find("error: not-sent: ") == 0);
    CHECK(client.read_answer() == Answer{{R"({"status": "asynchronous queue cleared"})"}, "done"});
    CHECK(other.read_answer() == Answer{{R"({"echo": "other"})"}, "done"});
    CHECK(stage.exabgp.count_of("test echo dropped") == 0);
}

TEST_CASE("exapulse run: the lines of a group keep their spelling, acks stay on") {
    Stage stage;
    const auto run = stage.service.run({"run", "-"}, "group start\nannounce " + a_route +
                                                         "\ngroup end\nwithdraw " + a_route + "\n");
    CHECK(run.status == 0);
    CHECK(stage.exabgp.count_of("peer * group announce " + a_route) == 1);
    CHECK(stage.exabgp.count_of("peer * withdraw " + a_route) == 1);
    for (const char* line : {"session ack disable", "silence-ack"}) {
        const auto refused = stage.service.run({"run", line});
        CHECK(refused.status != 0);
        CHECK(refused.err.find("ack") != std::string::npos);
    }
}
