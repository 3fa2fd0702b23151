// SPDX-License-Identifier: BSD-3-Clause
// Faults of ExaBGP's: whatever it does, no answer is shifted and every command gets a verdict.
#include <doctest/doctest.h>

#include "tests/integration/stage.hpp"

using namespace exapulse::test;
using namespace std::chrono_literals;

namespace {

/// An ExaBGP that a test may spoil before exapulsed meets it.
struct FaultyStage {
    TempDir dir;
    ExabgpSimulator exabgp{dir / "exabgp.sock"};
    std::unique_ptr<Service> service;

    void serve(const std::string& config = "", const std::string& interval = "100ms") {
        Service::Options options;
        options.config = config;
        options.interval = interval;
        service = std::make_unique<Service>(exabgp.path(), options);
    }
    void serve_up(const std::string& config = "", const std::string& interval = "100ms") {
        serve(config, interval);
        service->await("up");
    }
};

std::string code_of(const Answer& answer) {
    if (answer.lines.empty() || answer.terminator != "error") return answer.terminator;
    const std::string& last = answer.lines.back();
    const auto start = last.find(": ") + 2;
    return last.substr(start, last.find(": ", start) - start);
}

}  // namespace

TEST_CASE("an earlier client's unread answers do not reach anybody") {
    FaultyStage stage;
    {
        TestClient earlier(stage.exabgp.path());
        for (int i = 0; i < 5; ++i) earlier.send_line("session ping x 1");
        earlier.send_line("test lines 3 50 STALE");
        REQUIRE(eventually([&] { return stage.exabgp.received().size() == 6; }));
    }
    stage.serve_up();
    CHECK(stage.service->client().command("test echo ok") == echo_ok);
    CHECK(stage.service->status()["uuid"] == stage.exabgp.uuid());
}

TEST_CASE("shared state left by another client is reset") {
    FaultyStage stage;
    stage.exabgp.set_acks(false);
    stage.exabgp.open_group(true);
    stage.serve_up();
    CHECK(stage.exabgp.acks());
    CHECK_FALSE(stage.exabgp.group_open());
    CHECK_FALSE(stage.exabgp.sync());
    CHECK(stage.service->client().command("test echo ok") == echo_ok);
}

TEST_CASE("acks switched off by another client are detected and switched on, with a verdict") {
    FaultyStage stage;
    stage.serve_up();
    stage.exabgp.set_acks(false);
    TestClient client = stage.service->client();
    CHECK(eventually([&] { return client.command("test echo ok") == echo_ok; }));
    CHECK(stage.exabgp.acks());
}

TEST_CASE("the v4 dialect, with pongs in JSON and in text") {
    for (const bool text : {false, true}) {
        CAPTURE(text);
        FaultyStage stage;
        stage.exabgp.set_dialect(exapulse::Dialect::V4);
        stage.exabgp.set_text_pongs(text);
        stage.serve_up();
        CHECK(stage.service->status()["dialect"] == "v4");
        CHECK(stage.exabgp.count_of("ping") >= 1);
        CHECK(stage.service->client().command("test echo ok") == echo_ok);
    }
}

TEST_CASE("a changed dialect is detected") {
    FaultyStage stage;
    stage.exabgp.set_dialect(exapulse::Dialect::V4);
    stage.serve_up();
    stage.exabgp.set_dialect(exapulse::Dialect::V6);  // where the `ping` of v4 is an error
    CHECK(eventually([&] { return stage.service->status()["dialect"] == "v6"; }));
    stage.service->await("up");
}

TEST_CASE("a stray terminator costs one command its verdict, and affects nobody else") {
    FaultyStage stage;
    stage.serve_up("", "1h");
    TestClient asker = stage.service->client();
    TestClient other = stage.service->client();
    asker.send_line("test stray T");
    other.send_line("test echo ok");
    CHECK(code_of(asker.read_answer()) == "outcome-unknown");
    CHECK(other.read_answer() == echo_ok);
    for (int i = 0; i < 3; ++i) CHECK(other.command("test echo ok") == echo_ok);
}

TEST_CASE("not confirmed, a stray terminator leads to a resync") {
    FaultyStage stage;
    stage.serve_up("[commands]\nconfirm = false\n", "1h");
    TestClient client = stage.service->client();
    CHECK(client.command("test stray T").terminator == "done");
    CHECK(stage.service->logs("a terminator came that nobody waits for"));
    for (int i = 0; i < 3; ++i) CHECK(client.command("test echo ok") == echo_ok);
}

TEST_CASE("answers in tiny pieces") {
    FaultyStage stage;
    stage.exabgp.set_chunking(1);
    stage.serve_up("", "1h");
    CHECK(stage.service->client().command("test lines 20 40 T").lines.size() == 20);
    CHECK(stage.service->client().command("test echo ok") == echo_ok);
}

TEST_CASE("misbehaving answers never shift the next one") {
    struct Row {
        const char* line;
        const char* verdict;
    };
    // 2 s of silence let a fence find the end of an answer that has no terminator.
    for (const Row& row :
         {Row{"test unended T", "outcome-unknown"}, Row{"test glued T", "outcome-unknown"},
          Row{"test mute T", "outcome-unknown"}, Row{"test half T", "outcome-unknown"},
          Row{"test hangup T", "outcome-unknown"}, Row{"test double T", "outcome-unknown"},
          Row{"test garbage T", "done"}}) {
        CAPTURE(std::string(row.line));
        FaultyStage stage;
        stage.serve_up("", "1h");
        TestClient asker = stage.service->client();
        TestClient other = stage.service->client();
        asker.send_line(row.line);
        other.send_line("test echo ok");
        CHECK(code_of(asker.read_answer()) == row.verdict);
        CHECK(other.read_answer() == echo_ok);
        for (int i = 0; i < 3; ++i) CHECK(asker.command("test echo ok") == echo_ok);
        CHECK(stage.exabgp.count_of(row.line) == 1);
    }
}

TEST_CASE("a command past its deadline is unknown, and its late answer goes nowhere") {
    FaultyStage stage;
    stage.serve_up("[commands]\ndeadline = \"300ms\"\n", "1h");
    TestClient client = stage.service->client();
    CHECK(code_of(client.command("test slow 1000 late")) == "outcome-unknown");
    CHECK(client.command("test echo ok") == echo_ok);
    CHECK(stage.exabgp.count_of("test slow 1000 late") == 1);
}

TEST_CASE("more bytes of an answer keep its command and the health alive") {
    FaultyStage stage;
    stage.serve_up("[commands]\ndeadline = \"500ms\"\n", "200ms");
    Subscription events = stage.service->subscribe();
    static_cast<void>(events.next("state"));
    // Three seconds, many ticks and deadlines long.
    CHECK(stage.service->client().command("test dribble 60 50 T", 30s).lines.size() == 60);
    CHECK(events.next(1ms)["type"] == "");
}

TEST_CASE("ExaBGP killed in mid-command: unknown; waiting commands go to the next one, once") {
    FaultyStage stage;
    stage.serve_up("", "1h");
    TestClient first = stage.service->client();
    TestClient second = stage.service->client();
    first.send_line("test slow 5000 A");
    REQUIRE(eventually([&] { return stage.exabgp.count_of("test slow 5000 A") == 1; }));
    second.send_line("test echo ok");
    stage.exabgp.crash();
    CHECK(code_of(first.read_answer()) == "outcome-unknown");
    stage.exabgp.start();
    CHECK(second.read_answer() == echo_ok);
    CHECK(stage.exabgp.count_of("test slow 5000 A") == 1);
    CHECK(stage.exabgp.count_of("test echo ok") == 1);
}

TEST_CASE("while ExaBGP is unreachable commands are held, then not sent") {
    FaultyStage stage;
    stage.serve_up("[commands]\nhold = \"200ms\"\n", "1h");
    stage.exabgp.stop();
    stage.service->await("connecting");
    TestClient client = stage.service->client();
    const Answer answer = client.command("test echo never");
    CHECK(code_of(answer) == "not-sent");
    CHECK(answer.lines[0].find("commands.hold") != std::string::npos);
    stage.exabgp.start();
    stage.service->await("up");
    CHECK(stage.exabgp.count_of("test echo never") == 0);
}

TEST_CASE("restarts are distinguished from bounces, within 100 ms of the new ExaBGP's answer") {
    FaultyStage stage;
    stage.serve_up("", "1h");
    Subscription events = stage.service->subscribe();
    const Json before = events.next("state");
    stage.exabgp.bounce();
    CHECK(events.next()["type"] == "disconnected");
    CHECK(events.next()["type"] == "reconnected");
    stage.exabgp.restart(true, 300ms);
    CHECK(events.next()["type"] == "disconnected");
    const Json restarted = events.next();
    CHECK(restarted["type"] == "restarted");
    CHECK(restarted["previous"] == before["uuid"]);
    CHECK(restarted["uuid"] == stage.exabgp.uuid());
    // From the loss; the simulator answers as soon as it is back, 300 ms after it.
    CHECK(restarted["away_ms"].get<int>() >= 250);
    CHECK(restarted["away_ms"].get<int>() < 5'000);
}

TEST_CASE("another UUID on the same connection is a restart") {
    FaultyStage stage;
    stage.serve_up();
    Subscription events = stage.service->subscribe("restarted");
    const Json before = events.next("state");
    stage.exabgp.set_uuid("11111111-2222-3333-4444-555555555555");
    const Json restarted = events.next("restarted");
    CHECK(restarted["previous"] == before["uuid"]);
    CHECK(restarted["uuid"] == "11111111-2222-3333-4444-555555555555");
    CHECK(restarted["cause"] == "changed");
}

TEST_CASE("a hang is detected by missed pings, also one that still reads its input") {
    for (const bool swallow : {false, true}) {
        CAPTURE(swallow);
        FaultyStage stage;
        stage.serve_up("[commands]\nhold = \"100ms\"\n");
        Subscription events = stage.service->subscribe();
        static_cast<void>(events.next("state"));
        swallow ? stage.exabgp.deafen(true) : stage.exabgp.silence(true);
        const Json first = events.next();
        CHECK(first["type"] == "degraded");
        CHECK(first["missed"] == 1);
        CHECK(first["of"] == 3);
        CHECK(events.next()["missed"] == 2);
        const Json failed = events.next();
        CHECK(failed["type"] == "failed");
        CHECK(failed["cause"] == "hung");
        CHECK(failed["state"] == "down");
        CHECK(failed["last_pong"].is_string());
        CHECK(code_of(stage.service->client().command("test echo never")) == "not-sent");
        swallow ? stage.exabgp.deafen(false) : stage.exabgp.silence(false);
        CHECK(events.next()["type"] == "recovered");
        CHECK(stage.service->client().command("test echo ok") == echo_ok);
        CHECK(stage.exabgp.count_of("test echo never") == 0);
        CHECK(events.next(1ms)["type"] == "");  // the burst of late pongs is no news
    }
}

TEST_CASE(
    "absent and refused are reported as such, and the first ExaBGP that appears is connected") {
    FaultyStage stage;
    stage.exabgp.stop();
    stage.serve();
    Subscription events = stage.service->subscribe();
    const Json failed = events.next("failed");
    CHECK(failed["cause"] == "absent");
    CHECK(failed["last_pong"].is_null());
    CHECK(failed["detail"].get<std::string>().find(stage.exabgp.path()) != std::string::npos);
    stage.exabgp.start();
    CHECK(events.next()["type"] == "connected");
    stage.exabgp.crash();
    CHECK(events.next()["cause"] == "closed");
    CHECK(events.next("failed")["cause"] == "refused");
}

TEST_CASE("an ExaBGP that closes every connection is retried") {
    FaultyStage stage;
    stage.exabgp.refuse(true);
    stage.serve();
    stage.service->await("down");
    stage.exabgp.refuse(false);
    stage.service->await("up");
    CHECK(stage.service->client().command("test echo ok") == echo_ok);
}

TEST_CASE("a socket in use by another client is waited for") {
    FaultyStage stage;
    TestClient holder(stage.exabgp.path());
    REQUIRE(holder.command("session ping x 1").terminator == "done");
    stage.serve();
    stage.service->await("down");
    holder.close();
    stage.service->await("up");
    CHECK(stage.service->client().command("test echo ok") == echo_ok);
}

TEST_CASE("a huge answer and a huge line arrive whole") {
    FaultyStage stage;
    stage.exabgp.set_cut_lines(false);
    stage.serve_up("", "1h");
    TestClient client = stage.service->client();
    const Answer long_answer = client.command("test lines 20000 80 T", 30s);
    CHECK(long_answer.lines.size() == 20'000);
    const Answer long_line = client.command("test lines 1 3000000 T", 30s);
    REQUIRE(long_line.lines.size() == 1);
    CHECK(long_line.lines[0].size() == 3'000'000);
}

TEST_CASE("a line that ExaBGP truncated ends in a verdict, not in the next answer") {
    FaultyStage stage;
    stage.serve_up("", "1h");
    TestClient client = stage.service->client();
    CHECK(code_of(client.command("test lines 1 300000 T")) == "outcome-unknown");
    CHECK(client.command("test echo ok") == echo_ok);
}
