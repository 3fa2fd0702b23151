// SPDX-License-Identifier: BSD-3-Clause
// The simulator of ExaBGP's socket answers, and misbehaves, as the real one does.
#include <array>
#include <string>
#include <sys/socket.h>
#include <vector>

#include <doctest/doctest.h>

#include "tests/support/harness/eventually.hpp"
#include "tests/support/harness/exabgp_under_test.hpp"
#include "tests/support/harness/temp_dir.hpp"
#include "tests/support/harness/test_client.hpp"
#include "tests/support/socket_simulator/exabgp_conversation.hpp"
#include "tests/support/socket_simulator/exabgp_simulator.hpp"

namespace exapulse::test {

namespace {

using std::chrono::milliseconds;
using AnswerLines = std::vector<std::string>;

struct SimulatedSocket {
    TempDir dir;
    ExabgpSimulator exabgp{dir / "exabgp.sock"};

    [[nodiscard]] TestClient connect() const { return TestClient(exabgp.path()); }
    [[nodiscard]] std::string pong() const {
        return R"({"pong": ")" + exabgp.uuid() + R"(", "active": true})";
    }
};

AnswerLines read_lines(TestClient& client, std::size_t count) {
    AnswerLines lines;
    while (lines.size() < count)
        if (auto line = client.read_line())
            lines.push_back(*line);
        else
            break;
    return lines;
}

/// Nothing comes: shown by what does come for a question asked now.
bool is_quiet(TestClient& client, ExabgpSimulator& exabgp) {
    return client.command("session ping text") ==
           Answer{{"pong " + exabgp.uuid() + " active=true"}, "done"};
}

}  // namespace

TEST_CASE("the conversations are those of ExaBGP") {
    SimulatedSocket simulated;
    TestClient client = simulated.connect();
    CHECK(replay(client, conversation_v6()) == "");
    simulated.exabgp.set_dialect(Dialect::V4);
    CHECK(replay(client, conversation_v4()) == "");
    CHECK(client.command("system api version 6").terminator == "done");
    CHECK(replay(client, conversation_v6()) == "");
    CHECK(simulated.exabgp.killed() == 0);
}

TEST_CASE("a real ExaBGP has the same conversations" * doctest::skip(real_dialect() != "v6")) {
    const TempDir dir;
    const auto exabgp = real_exabgp(dir.path());
    exabgp->start();
    TestClient client = TestClient::connect_when_served(exabgp->path());
    CHECK(replay(client, conversation_v6()) == "");
    CHECK(client.command("system api version 4").terminator == "done");
    CHECK(replay(client, conversation_v4()) == "");
}

TEST_CASE("what a client left unread goes to the next one, followed by the answer to its bye") {
    SimulatedSocket simulated;
    simulated.exabgp.silence(true);
    {
        TestClient first = simulated.connect();
        first.send_raw("session ping\nno such command\npart of a li");
    }
    TestClient second = simulated.connect();
    second.send_line("system api version mine");
    simulated.exabgp.silence(false);
    CHECK(read_lines(second, 6) == AnswerLines{simulated.pong(), "done", "error", "error",
                                               R"({"error": "Invalid version: mine"})", "error"});
    CHECK(simulated.exabgp.received() == AnswerLines{"session ping", "no such command"});

    second.close();
    REQUIRE(eventually([&] { return !simulated.exabgp.has_client(); }));
    simulated.exabgp.set_dialect(Dialect::V4);
    TestClient third = simulated.connect();
    CHECK(third.command("ping") == Answer{{}, "error"});  // bye was answered in v6 still
    CHECK(third.read_answer() == Answer{{simulated.pong()}, "done"});
}

TEST_CASE("beyond the stale window the next client gets only its own") {
    SimulatedSocket simulated;
    simulated.exabgp.set_stale_window(milliseconds(-1));
    simulated.connect().send_line("session ping");
    REQUIRE(eventually([&] { return simulated.exabgp.count_of("session ping") == 1; }));
    REQUIRE(eventually([&] { return !simulated.exabgp.has_client(); }));
    TestClient next = simulated.connect();
    CHECK(is_quiet(next, simulated.exabgp));
}

TEST_CASE("one client is served, the others wait in the kernel's line") {
    SimulatedSocket simulated;
    TestClient holder = simulated.connect();
    CHECK(holder.command("session ping").terminator == "done");
    TestClient waiting = simulated.connect();
    waiting.send_line("test echo waiting");
    CHECK_FALSE(waiting.read_line(milliseconds(50)));
    CHECK(simulated.exabgp.accepted() == 1);
    CHECK(simulated.exabgp.count_of("test echo waiting") == 0);
    holder.close();
    CHECK(waiting.read_answer() == Answer{{}, "error"});  // to the holder's bye
    CHECK(waiting.read_answer() == Answer{{R"({"echo": "waiting"})"}, "done"});
}

TEST_CASE("a half-closed connection ends without the answer") {
    SimulatedSocket simulated;
    simulated.exabgp.silence(true);
    TestClient client = simulated.connect();
    client.send_line("session ping");
    client.half_close();
    simulated.exabgp.silence(false);
    CHECK(client.at_eof());
}

TEST_CASE("after a silence all is answered in a burst") {
    SimulatedSocket simulated;
    TestClient client = simulated.connect();
    REQUIRE(client.command("session ping").terminator == "done");
    simulated.exabgp.silence(true);
    for (int i = 0; i < 3; ++i) client.send_line("session ping");
    CHECK_FALSE(client.read_line(milliseconds(50)));
    CHECK(simulated.exabgp.count_of("session ping") == 1);
    simulated.exabgp.silence(false);
    const std::string pong = simulated.pong();
    CHECK(read_lines(client, 6) == AnswerLines{pong, "done", pong, "done", pong, "done"});
}

TEST_CASE("acks, sync, group and dialect are shared by all clients; a new relay forgets them") {
    SimulatedSocket simulated;
    auto& exabgp = simulated.exabgp;
    exabgp.set_stale_window(milliseconds(-1));
    {
        TestClient first = simulated.connect();
        first.send_raw("session sync enable\ngroup start\nsession ack silence\n");
        REQUIRE(eventually([&] { return !exabgp.acks(); }));
    }
    REQUIRE(eventually([&] { return !exabgp.has_client(); }));
    {
        TestClient second = simulated.connect();
        second.send_raw("no such command\nsession ping\nsession ping\n");
        CHECK(read_lines(second, 2) == AnswerLines{simulated.pong(), simulated.pong()});
        CHECK(exabgp.sync());
        CHECK(exabgp.group_open());
        CHECK(second.command("system api version 4", milliseconds(50)).terminator == "");
        exabgp.bounce();
        CHECK(second.at_eof());
    }
    CHECK(exabgp.acks());
    CHECK_FALSE(exabgp.sync());
    CHECK_FALSE(exabgp.group_open());
    CHECK(exabgp.dialect() == Dialect::V4);
}

TEST_CASE("routes and UUID survive a bounce and not a restart") {
    SimulatedSocket simulated;
    auto& exabgp = simulated.exabgp;
    TestClient first = simulated.connect();
    const std::string announced = "peer * announce route 10.0.0.0/24 next-hop 192.0.2.1";
    REQUIRE(first.command(announced).terminator == "done");
    const std::string uuid = exabgp.uuid();

    SUBCASE("daemon reload") {
        CHECK(first.command("daemon reload") ==
              Answer{{R"({"status": "reload in progress"})"}, "done"});
        CHECK(first.at_eof());
        const TestClient next = TestClient::connect_when_served(exabgp.path());
        CHECK(exabgp.uuid() == uuid);
        CHECK(exabgp.routes() == AnswerLines{"10.0.0.0/24"});
    }
    SUBCASE("restart") {
        exabgp.restart(true, milliseconds(30));
        CHECK(first.at_eof());
        CHECK_FALSE(TestClient::try_connect(exabgp.path()));
        const TestClient next = TestClient::connect_when_served(exabgp.path());
        CHECK(exabgp.uuid() != uuid);
        CHECK(exabgp.routes().empty());
    }
    SUBCASE("daemon shutdown") {
        CHECK(first.command("daemon shutdown").terminator == "done");
        CHECK(first.at_eof());
        CHECK_FALSE(TestClient::try_connect(exabgp.path()));
        CHECK(errno == ENOENT);
    }
    SUBCASE("crash") {
        exabgp.crash();
        CHECK(first.at_eof());
        CHECK_FALSE(TestClient::try_connect(exabgp.path()));
        CHECK(errno == ECONNREFUSED);
        exabgp.start();
        CHECK(simulated.connect().command("session ping") == Answer{{simulated.pong()}, "done"});
        CHECK(exabgp.uuid() != uuid);
    }
}

TEST_CASE("a command waits for the answer to the one before it") {
    SimulatedSocket simulated;
    TestClient client = simulated.connect();
    client.send_raw("test slow 60 A\ntest dribble 3 5 B\ntest echo C\nno\nsession ping\n");
    CHECK(read_lines(client, 11) == AnswerLines{R"({"echo": "A"})", "done", "B 0", "B 1", "B 2",
                                                "done", R"({"echo": "C"})", "done", "error",
                                                simulated.pong(), "done"});
}

TEST_CASE("answers without a terminator, with two, and worse") {
    SimulatedSocket simulated;
    TestClient client = simulated.connect();
    const auto answered = [&](std::string_view verb, const AnswerLines& expected) {
        client.send_line(verb);
        const AnswerLines lines = read_lines(client, expected.size());
        CAPTURE(verb);
        CHECK(lines == expected);
        CHECK(is_quiet(client, simulated.exabgp));
    };
    const std::string echo = R"({"echo": "T"})";
    answered("test mute T", {});
    answered("test unended T", {echo});
    answered("test glued T", {R"({"tag": "T", "family": "ipv4 undone)"});
    answered("test double T", {echo, "done", "done"});
    answered("test stray T", {echo, "done", "done"});
    answered("test error T", {"error: T", "error"});
    answered("test lines 2 8 T", {"T 0.....", "T 1.....", "done"});
    answered("test lines x 8 T", {"error"});
    answered("test nothing T", {"error"});
    answered("test", {"error"});
    answered("system crash", {"done", "error"});

    client.send_line("test garbage T");
    CHECK(read_lines(client, 7).back() == "done");
    CHECK(is_quiet(client, simulated.exabgp));

    client.send_line("test half T");
    CHECK(client.read_all() == R"({"echo": "T)");
    TestClient next = TestClient::connect_when_served(simulated.exabgp.path());
    next.send_line("test hangup T");
    CHECK(next.read_all().find("echo") == std::string::npos);
    CHECK(next.at_eof());
}

TEST_CASE("a line beyond what one write takes loses its end, and the terminator is glued on") {
    SimulatedSocket simulated;
    TestClient client = simulated.connect();
    client.send_line("test lines 1 300000 T");
    const auto line = client.read_line();
    REQUIRE(line);
    CHECK(line->size() == SimulatedRelay::cut_at + 4);
    CHECK(line->ends_with(".done"));
    simulated.exabgp.set_cut_lines(false);
    CHECK(client.command("test lines 1 300000 T").lines.at(0).size() == 300'000);
}

TEST_CASE("with chunking a reader sees pieces of lines") {
    SimulatedSocket simulated;
    simulated.exabgp.set_chunking(5);
    TestClient client = simulated.connect();
    client.send_line("test echo T");
    std::string all;
    while (all.size() < 19) {
        std::array<char, 100> piece;
        const ssize_t got = recv(client.fd(), piece.data(), piece.size(), 0);
        REQUIRE(got > 0);
        REQUIRE(got <= 5);
        all.append(piece.data(), static_cast<std::size_t>(got));
    }
    CHECK(all == "{\"echo\": \"T\"}\ndone\n");
}

TEST_CASE("some bytes kill the relay, NUL does not") {
    SimulatedSocket simulated;
    TestClient client = simulated.connect();
    using namespace std::string_literals;
    CHECK(client.command("session p\0ng"s) == Answer{{}, "error"});
    CHECK(client.command("#" + std::string(SimulatedRelay::longest_line - 1, 'x')).terminator ==
          "done");
    CHECK(simulated.exabgp.killed() == 0);
    SUBCASE("a byte from 0x80 on") {
        client.send_line("# caf\xc3\xa9");
    }
    SUBCASE("a line over 1 MiB") {
        client.send_raw(std::string(1'100'000, 'x'));
    }
    CHECK(client.at_eof());
    CHECK(simulated.exabgp.killed() == 1);
    TestClient next = TestClient::connect_when_served(simulated.exabgp.path());
    CHECK(is_quiet(next, simulated.exabgp));
}

TEST_CASE("deaf it hears lines and answers none, refusing it hangs up") {
    SimulatedSocket simulated;
    TestClient client = simulated.connect();
    simulated.exabgp.deafen(true);
    client.send_line("test echo unheard");
    REQUIRE(eventually([&] { return simulated.exabgp.count_of("test echo unheard") == 1; }));
    simulated.exabgp.deafen(false);
    CHECK(is_quiet(client, simulated.exabgp));

    simulated.exabgp.refuse(true);
    client.close();
    CHECK(simulated.connect().at_eof());
}

TEST_CASE("faults strike some commands, and none is received twice") {
    constexpr std::size_t commands = 60;
    SimulatedSocket simulated;
    simulated.exabgp.set_respawn(milliseconds(1));
    simulated.exabgp.set_stale_window(milliseconds(-1));
    simulated.exabgp.set_faults(7, 0.5);
    std::size_t answered = 0;
    std::optional<TestClient> client;
    for (std::size_t i = 0; i < commands; ++i) {
        const std::string tag = "tag-" + std::to_string(i);
        REQUIRE(eventually([&] {
            if (!client) client = TestClient::try_connect(simulated.exabgp.path());
            if (client && !client->send_line("test echo " + tag)) client.reset();
            return client.has_value();
        }));
        if (client->read_answer() == Answer{{R"({"echo": ")" + tag + R"("})"}, "done"})
            ++answered;
        else
            client.reset();
        CHECK(simulated.exabgp.count_of("test echo " + tag) <= 1);
    }
    CHECK(answered > commands / 4);
    CHECK(answered < commands);
}

}  // namespace exapulse::test
