// SPDX-License-Identifier: BSD-3-Clause
// Commands: what passes, what is answered here, what is refused, and in which order.
#include <algorithm>
#include <unistd.h>

#include <doctest/doctest.h>

#include "tests/integration/stage.hpp"

using namespace exapulse::test;
using namespace std::chrono_literals;

namespace {

/// What clients sent to ExaBGP, without exapulsed's own.
std::size_t sent(const Stage& stage) {
    return stage.exabgp.count_if([](const std::string& line) {
        return !line.starts_with("session ping") && !line.starts_with("system api version");
    });
}

bool begins(const Answer& answer, std::string_view first) {
    return answer.lines.size() == 1 && answer.lines[0].starts_with(first);
}

}  // namespace

TEST_CASE("a line goes to ExaBGP as it is and its answer comes back unchanged") {
    Stage stage;
    TestClient client = stage.service.client();
    CHECK(client.command("test echo hello") == Answer{{R"({"echo": "hello"})"}, "done"});
    CHECK(client.command("test error broken") == Answer{{"error: broken"}, "error"});
    CHECK(client.command("no such thing") == Answer{{}, "error"});
    CHECK(client.command("test lines 500 300 T").lines.size() == 500);
    CHECK(stage.exabgp.count_of("test echo hello") == 1);
}

TEST_CASE("nobody switches the dialect for others; what is always so is done") {
    Stage stage;
    TestClient client = stage.service.client();
    for (const char* line : {"system api version 4", "api version 6"}) {
        CAPTURE(std::string(line));
        const Answer answer = client.command(line);
        CHECK(begins(answer, "error: denied: "));
        CHECK(answer.terminator == "error");
    }
    for (const char* line : {"session bye", "bye"}) {
        CAPTURE(std::string(line));
        CHECK(client.command(line) == Answer{{}, "done"});
    }
    CHECK(sent(stage) == 0);
}

TEST_CASE("a client's ping is answered here, in the form asked for, at no cost for ExaBGP") {
    Stage stage;
    TestClient client = stage.service.client();
    const std::string uuid = stage.exabgp.uuid();
    const Answer json_pong{{R"({"pong": ")" + uuid + R"(", "active": true})"}, "done"};
    CHECK(client.command("session ping someone 1.5") == json_pong);
    CHECK(client.command("ping") == json_pong);
    CHECK(client.command("ping text") == Answer{{"pong " + uuid + " active=true"}, "done"});
    CHECK(stage.exabgp.received().empty());
    stage.exabgp.crash();
    stage.service.await("connecting");
    CHECK(begins(client.command("session ping"), "error: not-sent: "));
}

TEST_CASE("what would kill ExaBGP's control channel is refused with the reason") {
    Stage stage;
    stage.exabgp.set_cut_lines(false);
    TestClient client = stage.service.client();
    const Answer high = client.command("peer * announce caf\xc3\xa9");
    CHECK(begins(high, "error: bad-input: byte 0xc3 at position 20"));
    CHECK(high.terminator == "error");
    client.send_raw(std::string("a\0b\n", 4));
    CHECK(begins(client.read_answer(), "error: bad-input: byte 0x00 at position 2"));
    // What is white space for ExaBGP's str.split() but for few others: no way around a guard.
    for (const char* line : {"session\x1f"
                             "ack disable",
                             "\x1c"
                             "daemon shutdown",
                             "group\vstart",
                             "system\r"
                             "crash",
                             "peer * announce route \x7f"}) {
        CAPTURE(std::string(line));
        CHECK(begins(client.command(line), "error: bad-input: byte 0x"));
    }
    client.send_line(std::string((1U << 20) + 1, 'x'));
    CHECK(begins(client.read_answer(), "error: too-long: "));
    // The longest line that ExaBGP takes does pass.
    client.send_line("test echo " + std::string((1U << 20) - 10, 'x'));
    CHECK(client.read_answer().terminator == "done");
    CHECK(stage.exabgp.killed() == 0);
    CHECK(sent(stage) == 1);
}

TEST_CASE("a verb that only ExaBGP reads in a line does not get past the policy") {
    Stage stage;
    TestClient client = stage.service.client();
    for (const char* line :
         {"daemon shutdown,", "daemon reload]", "session ack disable)", "session ack silence, x",
          "session sync enable,", "session reset)", "group start,", "system crash,",
          "system api version],4", "shutdown,", "crash)", "ping,", "sidecar,status"}) {
        CAPTURE(std::string(line));
        CHECK(begins(client.command(line), "error: bad-input: "));
    }
    CHECK(begins(client.command("system api version 4,"), "error: denied: "));
    CHECK(client.command("system crash , now") == Answer{{}, "done"});  // one terminator of the two
    CHECK(client.command("test echo hello") == Answer{{R"({"echo": "hello"})"}, "done"});
    CHECK(stage.exabgp.acks());
    CHECK(sent(stage) == 2);
}

TEST_CASE("what is no whole command is not sent, and the reason says where") {
    Stage stage;
    TestClient client = stage.service.client();
    for (const char* line :
         {"peer * announce flow route { match { source 203.0.113.9/32; } then { discard",
          "peer * announce route 192.0.2.0/24 next-hop 198.51.100.1 as-path [ 1",
          "peer * announce route 192.0.2.0/24 next-hop 198.51.100.1 name \"a",
          "peer * announce route 192.0.2.0/24 next-hop self; peer * withdraw route 192.0.2.0/24"}) {
        CAPTURE(std::string(line));
        const Answer answer = client.command(line);
        CHECK(begins(answer, "error: bad-input: "));
        CHECK(answer.lines.front().find("position") != std::string::npos);
    }
    CHECK(sent(stage) == 0);
}

TEST_CASE("what ExaBGP could not answer, or not in time, is refused with the limit") {
    Stage stage;
    TestClient client = stage.service.client();
    std::string group = "peer * group ";
    for (int i = 0; i < 10'000; ++i) group += "x;";
    const Answer repeated = client.command(group);
    CHECK(begins(repeated, "error: too-long: "));
    CHECK(repeated.lines.front().find("limits.echo") != std::string::npos);
    std::string route = "peer * announce route 192.0.2.0/24 next-hop self community [";
    for (int i = 0; i < 4'000; ++i) route += " 1:1";
    CHECK(begins(client.command(route + " ]"), "error: too-long: "));
    CHECK(sent(stage) == 0);
    std::string many = "peer * announce attributes next-hop 198.51.100.1 nlri";
    for (int i = 0; i < 20'000; ++i) many += " 192.0.2.1/32";
    CHECK(client.command(many).terminator == "done");
}

TEST_CASE("where ExaBGP gives no reason and the line shows one, it is said") {
    Stage stage;
    TestClient client = stage.service.client();
    const Answer capitals = client.command("ANNOUNCE route 192.0.2.0/24 next-hop self");
    CHECK(begins(capitals, "error: ExaBGP's commands are in lower case"));
    CHECK(capitals.terminator == "error");
    CHECK(begins(client.command("s n s"), "error: 's' is a shortcut"));
    // ExaBGP's own reason comes alone.
    CHECK(client.command("test error broken") == Answer{{"error: broken"}, "error"});
    CHECK(sent(stage) == 3);
}

TEST_CASE("a line that never ends is refused at once, and the next one is heard") {
    Stage stage;
    TestClient client = stage.service.client();
    client.send_raw(std::string(2U << 20, 'x'));
    CHECK(begins(client.read_answer(), "error: too-long: "));
    client.send_raw("x\ntest echo next\n");
    CHECK(client.read_answer() == Answer{{R"({"echo": "next"})"}, "done"});
}

TEST_CASE("answers come in the order of the lines, whoever answers") {
    Stage stage;
    TestClient client = stage.service.client();
    client.send_raw("test slow 200 one\nping text\ntest echo two\nsidecar version\nbad\n");
    CHECK(client.read_answer().lines[0] == R"({"echo": "one"})");
    CHECK(client.read_answer().lines[0].starts_with("pong "));
    CHECK(client.read_answer().lines[0] == R"({"echo": "two"})");
    CHECK(client.read_answer().lines[0].find("protocol") != std::string::npos);
    CHECK(client.read_answer() == Answer{{}, "error"});
}

TEST_CASE("a client that shuts its sending half down gets its answers, then the end") {
    Stage stage;
    TestClient client = stage.service.client();
    client.send_raw("test slow 150 one\ntest lines 2000 200 T\nhalf a line");
    client.half_close();
    CHECK(client.read_answer().lines == std::vector<std::string>{R"({"echo": "one"})"});
    CHECK(client.read_answer().lines.size() == 2000);
    const Answer last = client.read_answer();
    CHECK(begins(last, "error: bad-input: the last line has no newline"));
    CHECK(client.at_eof());
    CHECK(stage.exabgp.count_of("half a line") == 0);
}

TEST_CASE("lines received whole are carried out though their client has left") {
    Stage stage;
    {
        TestClient client = stage.service.client();
        client.send_raw("test slow 100 a\ntest echo b\ntest echo c\n");
    }
    CHECK(eventually([&] { return stage.exabgp.count_of("test echo c") == 1; }));
    CHECK(eventually([&] { return stage.service.status()["clients"] == 1; }));
    CHECK(sent(stage) == 3);
}

TEST_CASE("the sidecar's own verbs") {
    Stage stage;
    TestClient client = stage.service.client();
    CHECK(Json::parse(client.command("sidecar version").lines[0])["protocol"] == 1);
    const Json help = Json::parse(client.command("sidecar help").lines[0]);
    for (const char* verb : {"help", "version", "status", "clients", "subscribe"}) {
        const bool listed = std::any_of(
            help["commands"].begin(), help["commands"].end(),
            [&](const Json& entry) { return entry["command"] == std::string("sidecar ") + verb; });
        CHECK_MESSAGE(listed, verb);
    }
    const Json status = Json::parse(client.command("sidecar status").lines[0]);
    CHECK(status["state"] == "up");
    CHECK(status["uuid"] == stage.exabgp.uuid());
    CHECK(status["dialect"] == "v6");
    CHECK(status["upstream"]["socket"] == stage.exabgp.path());
    CHECK(status["upstream"]["found_by"] == "config");
    CHECK(status["latency_ms"].is_number());
    const Json clients = Json::parse(client.command("sidecar clients").lines[0]);
    REQUIRE(clients.size() == 1);
    CHECK(clients[0]["pid"] == getpid());
    CHECK(clients[0]["uid"] == getuid());
    CHECK(clients[0]["gid"] == getgid());
    CHECK(clients[0]["commands"] == 4);
    CHECK(begins(client.command("sidecar statsu"),
                 "error: unknown-verb: no sidecar verb 'statsu'; did you mean status?"));
    CHECK(begins(client.command("sidecar"), "error: unknown-verb: "));
    CHECK(begins(client.command("sidecar subscribe exploded"), "error: bad-input: no event type"));
    CHECK(sent(stage) == 0);
}

TEST_CASE("a subscriber gets a snapshot, then events only, after the answers before it") {
    Stage stage;
    TestClient client = stage.service.client();
    client.send_raw("test slow 100 first\nsidecar subscribe restarted\ntest echo ignored\n");
    CHECK(client.read_answer() == Answer{{R"({"echo": "first"})"}, "done"});
    const Json snapshot = Json::parse(client.read_line().value_or("{}"));
    CHECK(snapshot["type"] == "state");
    CHECK(snapshot["state"] == "up");
    stage.exabgp.restart();
    const Json event = Json::parse(client.read_line().value_or("{}"));
    CHECK(event["type"] == "restarted");
    CHECK(event["seq"].get<int>() > snapshot["seq"].get<int>());
    CHECK(event["boot"] == snapshot["boot"]);
    CHECK(stage.exabgp.count_of("test echo ignored") == 0);
}

TEST_CASE("verbs that ExaBGP ends with no terminator, or with two, get exactly one") {
    Stage stage;
    TestClient client = stage.service.client();
    CHECK(client.command("peer * routes list").terminator == "done");
    CHECK(client.command("debug anything") == Answer{{}, "done"});
    CHECK(client.command("system crash") == Answer{{}, "done"});
    CHECK(client.command("test echo after") == Answer{{R"({"echo": "after"})"}, "done"});
}

namespace {

/// Whether so many announces, all sent at once, are all answered `done` and all reach ExaBGP once.
void announce_at_once(const Stage& stage, int count) {
    TestClient client = stage.service.client();
    std::string lines;
    for (int i = 0; i < count; ++i)
        lines += "peer * announce route 10." + std::to_string(i / 256) + "." +
                 std::to_string(i % 256) + ".0/24 next-hop 192.0.2.1\n";
    client.send_raw(lines);
    int done = 0;
    for (int i = 0; i < count; ++i) done += client.read_answer() == Answer{{}, "done"} ? 1 : 0;
    CHECK(done == count);
    CHECK(stage.exabgp.route_count() == static_cast<std::size_t>(count));
    CHECK(stage.exabgp.received().size() == static_cast<std::size_t>(count));
}

std::size_t echoes(const Stage& stage) {
    return stage.exabgp.count_if(
        [](const std::string& line) { return line.starts_with("system api version "); });
}

}  // namespace

TEST_CASE("announces travel together, with one echo behind several") {
    Stage stage;
    announce_at_once(stage, 640);
    CHECK(echoes(stage) <= 640 / 8);
    CHECK(echoes(stage) >= 640 / 32);
}

TEST_CASE("an ExaBGP in multi-client mode gets one line at a time, and loses no answer") {
    TempDir dir;
    ExabgpSimulator exabgp(dir / "exabgp.sock");
    exabgp.set_multi_client(true);
    const Service service(exabgp.path(), {"", "1h", {}, {}, {}});
    service.await("up");
    CHECK(service.logs("answers only the first of two lines"));
    exabgp.clear_history();
    TestClient client = service.client();
    client.send_raw(
        "peer * announce route 10.0.0.0/24 next-hop 192.0.2.1\n"
        "peer * announce route 10.0.1.0/24 next-hop 192.0.2.1\n"
        "peer * routes list\ntest echo ok\n");
    CHECK(client.read_answer() == Answer{{}, "done"});
    CHECK(client.read_answer() == Answer{{}, "done"});
    CHECK(client.read_answer().terminator == "done");
    CHECK(client.read_answer() == echo_ok);
    CHECK(exabgp.received().size() == 4);
}
