// SPDX-License-Identifier: BSD-3-Clause
// What an operator asks exapulsed about its clients and its past.
#include <optional>
#include <pwd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "common/socket_path.hpp"
#include "tests/integration/stage.hpp"
#include "tests/support/harness/eventually.hpp"
#include "tests/support/harness/has.hpp"

using namespace exapulse::test;

namespace {

Json object_in(const Answer& answer, std::size_t line = 0) {
    REQUIRE(answer.lines.size() > line);
    return Json::parse(answer.lines[line]);
}

}  // namespace

TEST_CASE("history: how it began, then what subscribers were told") {
    Stage stage;
    Subscription events = stage.service.subscribe();
    static_cast<void>(events.next("state"));
    stage.exabgp.bounce();
    const Json lost = events.next("disconnected");
    const Json back = events.next("reconnected");
    TestClient client = stage.service.client();
    const Answer all = client.command("sidecar history");
    CHECK(all.terminator == "done");
    REQUIRE(all.lines.size() == 4);
    CHECK(object_in(all)["state"] == "connecting");
    CHECK(object_in(all)["uuid"].is_null());
    CHECK(object_in(all, 1)["type"] == "connected");
    CHECK(object_in(all, 2) == lost);
    CHECK(object_in(all, 3) == back);

    const Answer chosen = client.command("sidecar history 1h reconnected failed");
    REQUIRE(chosen.lines.size() == 2);
    CHECK(object_in(chosen)["complete"] == false);
    CHECK(object_in(chosen, 1) == back);
    CHECK(client.command("sidecar history 0ms").lines.size() == 1);
    const std::string time = lost["time"];
    const Answer later = client.command("sidecar history " + time);
    REQUIRE(later.lines.size() == 3);
    CHECK(object_in(later)["from"] == time);
    CHECK(object_in(later)["seq"] == 1);
    CHECK(object_in(later, 1) == lost);
    const auto shown = stage.service.run({"history", "--json", "--since", time});
    CHECK(shown.out == later.lines[1] + "\n" + later.lines[2] + "\n");
    const auto ahead = stage.service.run({"history", "--since", "2150-01-01"});
    CHECK(ahead.status == 2);
    CHECK(ahead.err.find("still to come") != std::string::npos);

    const Answer wrong = client.command("sidecar history recovred");
    CHECK(wrong.lines ==
          std::vector<std::string>{
              "error: bad-input: no event type 'recovred'; did you mean recovered?"});
    CHECK(client.command("sidecar history 24").terminator == "error");
}

TEST_CASE("history in memory only is bounded by limits.history") {
    Stage stage("[limits]\nhistory = 1\n[history]\nstore = false\n");
    Subscription events = stage.service.subscribe();
    stage.exabgp.bounce();
    static_cast<void>(events.next("reconnected"));
    const Answer all = stage.service.client().command("sidecar history");
    REQUIRE(all.lines.size() == 2);
    CHECK(object_in(all)["state"] == "connecting");
    CHECK(object_in(all)["uuid"].is_string());
    CHECK(object_in(all, 1)["type"] == "reconnected");
}

TEST_CASE("clients and kill: who is there, and one is cut") {
    Stage stage;
    TestClient victim = stage.service.client();
    TestClient admin = stage.service.client();
    const auto ids = [&] {
        std::vector<std::uint64_t> found;
        for (const Json& client : object_in(admin.command("sidecar clients"))) {
            CHECK(client["uid"] == getuid());
            CHECK(client["user"].is_string());
            found.push_back(client["id"].get<std::uint64_t>());
        }
        return found;
    };
    const auto before = ids();
    REQUIRE(before.size() == 2);
    CHECK(admin.command("sidecar kill " + std::to_string(before[0])).terminator == "done");
    CHECK(victim.read_line().value_or("").starts_with("error: denied: cut by uid "));
    CHECK(victim.read_line() == "error");
    CHECK(victim.at_eof());
    CHECK(eventually([&] { return ids().size() == 1; }));

    for (const std::string& id :
         {std::to_string(before[0]), std::string("x"), std::string("1x"), std::string("-1")}) {
        CAPTURE(id);
        const Answer refused = admin.command("sidecar kill " + id);
        CHECK(refused.terminator == "error");
        CHECK(refused.lines.at(0).starts_with("error: bad-input: no client '"));
    }
    for (const char* line : {"sidecar kill", "sidecar kill 1 2"}) {
        CAPTURE(std::string(line));
        const Answer refused = admin.command(line);
        CHECK(refused.terminator == "error");
        CHECK(refused.lines.at(0).starts_with("error: bad-input: 'sidecar kill' takes 1 word"));
    }
    const Answer self = admin.command("sidecar kill " + std::to_string(before[1]));
    CHECK(self.lines.at(0) == "error: bad-input: that is the connection that asks");
}

namespace {

/// "uid 0 root", as the log names the user of this process.
std::string this_user() {
    const passwd* user = getpwuid(getuid());
    return fmt::format("uid {}{}{}", getuid(), user == nullptr ? "" : " ",
                       user == nullptr ? "" : user->pw_name);
}

}  // namespace

TEST_CASE("the log has each use of an admin's verb: who, the line, its verdict") {
    Stage stage;
    TestClient victim = stage.service.client();
    TestClient admin = stage.service.client();
    const Json clients = object_in(admin.command("sidecar clients"));
    const std::string kill = "sidecar kill " + clients[0]["id"].dump();
    for (const std::string& line : {kill, kill, std::string("daemon reload")})
        static_cast<void>(admin.command(line));
    const std::string who =
        fmt::format("session {} ({}, pid {} integration-tes): ", clients[1]["id"].dump(),
                    this_user(), getpid());
    CHECK(stage.service.logs(" info: " + who + "done: " + kill + "\n"));
    CHECK(stage.service.logs(" info: " + who + "bad-input: " + kill + ": no client '"));
    CHECK(stage.service.logs(" info: " + who + "done: daemon reload ("));
    CHECK(admin.command("api version 4").terminator == "error");
    CHECK(stage.service.logs(" warning: " + who + "denied: api version 4: 'api version': it"));
    // What only reads is for the debug level, unless log.audit says otherwise.
    CHECK(admin.command("sidecar version").terminator == "done");
    CHECK(admin.command("system version").terminator == "done");
    CHECK(stage.service.logs(" debug: " + who + "done: system version ("));
    CHECK(stage.service.log().find("sidecar version") == std::string::npos);
}

TEST_CASE("denials take no more of the log than their share") {
    Stage stage;
    TestClient client = stage.service.client();
    for (int i = 0; i < 100; ++i) CHECK(client.command("api version 4").terminator == "error");
    CHECK(stage.service.logs("more lines about its clients left out"));
    const std::string log = stage.service.log();
    std::size_t lines = 0;
    for (auto at = log.find(": denied: "); at != log.npos; at = log.find(": denied: ", at + 1))
        ++lines;
    CHECK(lines >= 20);
    CHECK(lines < 60);
}

TEST_CASE("the log has who announced what, whoever has left since") {
    Stage stage;
    TestClient client = stage.service.client();
    const std::string route = "peer * announce route 10.0.0.0/24 next-hop 1.2.3.4";
    CHECK(client.command(route).terminator == "done");
    CHECK(stage.service.logs(
        fmt::format(" ({}, pid {} integration-tes): done: {} (", this_user(), getpid(), route)));
    CHECK(client.command("peer * announce route x").terminator == "error");
    CHECK(stage.service.logs("): error: peer * announce route x ("));
    {
        TestClient gone = stage.service.client();
        gone.send_raw("test slow 300 A\npeer * announce route 10.0.1.0/24 next-hop 1.2.3.4\n");
        REQUIRE(eventually([&] { return stage.exabgp.count_of("test slow 300 A") == 1; }));
    }
    const std::string gone = fmt::format(
        " ({}, pid {} integration-tes), which has ended: done: ", this_user(), getpid());
    CHECK(stage.service.logs(gone + "test slow 300 A"));
    CHECK(stage.service.logs(gone + "peer * announce route 10.0.1.0/24"));
}

TEST_CASE("a subscriber is cut without a line that it would take for an event") {
    Stage stage;
    Subscription events = stage.service.subscribe();
    static_cast<void>(events.next("state"));
    TestClient admin = stage.service.client();
    for (const Json& client : object_in(admin.command("sidecar clients")))
        if (client["subscribed"] == true)
            CHECK(admin.command("sidecar kill " + client["id"].dump()).terminator == "done");
    CHECK(eventually([&] { return events.ended(); }));
}

TEST_CASE("exapulse clients, and kill of one of them") {
    Stage stage;
    TestClient victim = stage.service.client();
    const auto table = stage.service.run({"clients"});
    CHECK(table.status == 0);
    CHECK(table.out.starts_with("ID"));
    CHECK(table.out.find("2 clients, this one included") != std::string::npos);
    const auto json = stage.service.run({"clients", "--json"});
    const Json clients = Json::parse(json.out);
    REQUIRE(clients.size() == 2);
    const std::string id = clients[0]["id"].dump();
    const auto killed = stage.service.run({"kill", id});
    CHECK_MESSAGE(killed.status == 0, killed.err);
    CHECK(killed.out.empty());
    CHECK(victim.read_line().value_or("").starts_with("error: denied: cut by uid "));
    const auto gone = stage.service.run({"kill", id});
    CHECK(gone.status == 2);
    CHECK(gone.err.find("no client '" + id + "'") != std::string::npos);
}

TEST_CASE("exapulse peers: a table, JSON, nothing with -q, a verdict while ExaBGP is away") {
    Stage stage("[commands]\nhold = \"100ms\"\n");
    const auto table = stage.service.run({"peers"});
    CHECK(table.status == 0);
    CHECK(table.out.starts_with("Peer"));
    CHECK(table.out.find("127.0.0.1  65001  idle") != std::string::npos);
    CHECK(table.out.find("0 of 1 peer established") != std::string::npos);
    CHECK(Json::parse(stage.service.run({"peers", "--json"}).out)["peers"].size() == 1);
    CHECK(stage.service.run({"peers", "-q"}).out.empty());
    stage.exabgp.stop();
    CHECK(eventually([&] { return stage.service.status()["state"] != "up"; }));
    const auto away = stage.service.run({"peers"});
    CHECK(away.status == 4);
    CHECK(away.err.find("not-sent") != std::string::npos);
    CHECK(away.out.empty());
}

TEST_CASE("exapulse history and uptime tell of a restart") {
    Stage stage;
    Subscription events = stage.service.subscribe();
    stage.exabgp.crash();
    stage.exabgp.start();
    static_cast<void>(events.next("restarted"));
    const auto history = stage.service.run({"history"});
    CHECK(history.status == 0);
    CHECK(history.out.find("Connected to ExaBGP") != std::string::npos);
    CHECK(history.out.find("WARNING: ExaBGP restarted") != std::string::npos);
    const auto lines = stage.service.run({"history", "--json", "--type", "restarted"});
    CHECK(Json::parse(lines.out)["type"] == "restarted");
    const auto since = stage.service.run({"history", "--since", "30d", "--type", "failed"});
    CHECK(since.out.empty());
    CHECK(since.err.find("remembers nothing before") != std::string::npos);

    const auto uptime = stage.service.run({"uptime"});
    CHECK(uptime.status == 0);
    CHECK(uptime.out.find("Restarts   1: 1 closed") != std::string::npos);
    const Json report = Json::parse(stage.service.run({"uptime", "--json"}).out);
    CHECK(report["outages"] == 1);
    CHECK(report["restarts"] == 1);
    CHECK(report["state"] == "up");
}

TEST_CASE("exapulse uptime: an ExaBGP that hangs is down from its last pong on") {
    Stage stage("", "200ms");
    Subscription events = stage.service.subscribe("failed");
    stage.exabgp.silence(true);
    const Json failed = events.next("failed");
    const Json report = Json::parse(stage.service.run({"uptime", "--json", "--since", "1h"}).out);
    CHECK(report["outages"] == 1);
    CHECK(report["longest_outage"]["from"] == failed["last_pong"]);
    CHECK(report["ms_by_state"]["degraded"] > 0);
    CHECK(report["ms_by_state"]["up"] == report["up_ms"]);
    CHECK(report["not_remembered_ms"] > 3'000'000);
    const auto text = stage.service.run({"uptime", "--since", "1h"});
    CHECK(text.out.find("before that; exapulsed was not running") != std::string::npos);
    stage.exabgp.silence(false);
}

TEST_CASE("exapulse status: why ExaBGP does not answer, and since when") {
    Stage stage;
    CHECK(stage.service.status()["away_since"].is_null());
    CHECK(stage.service.run({"status"}).out.find("No answer") == std::string::npos);
    stage.exabgp.crash();
    stage.service.await("connecting");
    const Json status = stage.service.status();
    CHECK(status["away_since"] >= status["last_pong"]);
    CHECK(stage.service.run({"status"}).out.find("\nNo answer  since ") != std::string::npos);
    CHECK(eventually([&] {
        return stage.service.run({"status"}).out.find("\nWhy        nobody listens on ") !=
               std::string::npos;
    }));
}

TEST_CASE("exapulse status: another program may have ExaBGP's socket, unless it has answered") {
    const TempDir dir;
    ExabgpSimulator exabgp{dir / "exabgp.sock"};
    std::optional<TestClient> other{exabgp.path()};
    REQUIRE(other->command("system version").terminator == "done");
    Service service(exabgp.path(), {"", "100ms", {}, {}});
    service.await("down");
    CHECK(service.explains("serves another program"));
    CHECK(has(service.run({"status"}).out, "serves another program"));
    other.reset();
    service.await("up");
    CHECK(service.status()["upstream"]["detail"].is_null());
    exabgp.silence(true);
    service.await("down");
    CHECK(service.status()["upstream"]["detail"] ==
          "ExaBGP keeps the connection open but does not answer");
    exabgp.silence(false);
}

TEST_CASE("no exapulsed: each of them exits with 8 and says what to do") {
    for (const char* name : {"clients", "peers", "history", "uptime", "status"}) {
        CAPTURE(name);
        const TempDir dir;
        Stage stage;
        const auto run = stage.service.run({name, "--socket", dir / "none"});
        CHECK(run.status == 8);
        CHECK(run.out.empty());
        CHECK(run.err.find("systemctl status exapulsed, exapulsed --check-config") !=
              std::string::npos);
    }
    const TempDir dir;
    const int fd = socket(AF_UNIX, SOCK_STREAM, 0);  // its file stays, and nobody listens
    const sockaddr_un address = exapulse::socket_address(dir / "left");
    REQUIRE(bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    close(fd);
    ChildProcess status({require_environment("EXAPULSE"), "--socket", dir / "left", "status"});
    CHECK(status.wait_exit() == 8);
    CHECK(status.stderr_text().find("exapulsed --check-config") != std::string::npos);
}
