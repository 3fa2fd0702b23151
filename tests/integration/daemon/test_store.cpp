// SPDX-License-Identifier: BSD-3-Clause
// The history that survives exapulsed, and streams that begin in the past.
#include <algorithm>
#include <csignal>
#include <filesystem>
#include <string>
#include <sys/socket.h>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/integration/memory_tells.hpp"
#include "tests/integration/stage.hpp"
#include "tests/support/damaged_history.hpp"
#include "tests/support/harness/memory_limit.hpp"

namespace exapulse::test {

namespace {

using Types = std::vector<std::string>;

Types types_in(const Answer& answer) {
    Types types;
    for (std::size_t i = 1; i < answer.lines.size(); ++i)
        types.push_back(Json::parse(answer.lines[i])["type"]);
    return types;
}

/// Events that do not depend on when exapulsed looks first.
Answer history(const Service& service) {
    return service.client().command(
        "sidecar history connected restarted reconnected stopping store");
}

void await_written(const Service& service) {
    REQUIRE(eventually([&] {
        const Json history = service.status()["history"];
        return history["store"] == "file" && history["waiting"] == 0;
    }));
}

Subscription since(const Service& service, const Json& event, std::string_view types = "") {
    return service.subscribe(fmt::format("since {} {} {}", event["boot"].get<std::string>(),
                                         event["seq"].get<std::uint64_t>(), types));
}

/// An exapulsed that does not get as far as its socket.
struct Refused {
    int status;
    std::string err;
};
Refused start_in_vain(const std::string& state_dir, const std::string& socket) {
    ChildProcess process({require_environment("EXAPULSED"), "--state-dir", state_dir, "--socket",
                          socket, "--upstream", socket + ".absent"},
                         {});
    const auto status = process.wait_exit();
    return {status.value_or(-1), process.stderr_text()};
}

}  // namespace

TEST_CASE("history outlives exapulsed, however it ends") {
    for (const int signal : {SIGTERM, SIGKILL}) {
        CAPTURE(signal);
        Stage stage;
        const std::string boot = stage.service.status()["boot"];
        await_written(stage.service);
        stage.service.restart(signal);
        stage.service.await("up");
        const Answer all = history(stage.service);
        Types expected{"connected"};
        if (signal == SIGTERM) expected.push_back("stopping");
        expected.push_back("connected");
        CHECK(types_in(all) == expected);
        CHECK(Json::parse(all.lines.at(1))["boot"] == boot);
        const Json header = Json::parse(all.lines.at(0));
        REQUIRE(header["runs"].size() == 2);
        CHECK(header["runs"][0]["boot"] == boot);
        CHECK(stage.service.status()["history"]["store"] == "file");
    }
}

TEST_CASE("without memory exapulsed ends as if killed, and nothing that it has reported is lost") {
    if (!memory_tells) return;  // a sanitizer has an end of its own for that
    Stage stage;
    Subscription subscriber = stage.service.subscribe();
    stage.exabgp.restart();
    const Json restarted = subscriber.next("restarted");
    await_written(stage.service);
    {
        const MemoryLimit limit(stage.service.process().pid(), 0);
        const TestClient client = stage.service.client();
        // One line, as long as it may be: it has to be kept until its end comes.
        const std::string part(64U << 10, 'a');
        for (int i = 0; i < 15 && stage.service.process().is_running(); ++i)
            static_cast<void>(send(client.fd(), part.data(), part.size(), MSG_NOSIGNAL));
        CHECK(stage.service.process().wait_exit() == 1);
    }
    CHECK(stage.service.logs("exapulsed: out of memory; "));
    stage.service.start();
    stage.service.await("up");
    CHECK(types_in(history(stage.service)) == Types{"connected", "restarted", "connected"});
    CHECK(since(stage.service, restarted, "connected").next()["uuid"] == restarted["uuid"]);
}

TEST_CASE("a subscriber that comes back gets what it has missed, once and in order") {
    Stage stage;
    Subscription first = stage.service.subscribe();
    static_cast<void>(first.next("state"));
    stage.exabgp.bounce();
    const Json lost = first.next("disconnected");
    const Json back = first.next("reconnected");

    SUBCASE("from the same run") {
        Subscription again = since(stage.service, lost);
        CHECK(again.next() == back);
        const Json state = again.next();
        CHECK(state["type"] == "state");
        CHECK(state["seq"] == back["seq"]);
        stage.exabgp.bounce();
        CHECK(again.next()["seq"] == back["seq"].get<int>() + 1);
    }
    SUBCASE("with nothing missed") {
        Subscription again = since(stage.service, back);
        CHECK(again.next()["type"] == "state");
    }
    SUBCASE("across a restart of exapulsed") {
        stage.service.restart(SIGTERM);
        stage.service.await("up");
        Subscription again = since(stage.service, lost, "connected reconnected stopping");
        CHECK(again.types(4) == Types{"reconnected", "stopping", "connected", "state"});
        stage.exabgp.bounce();
        CHECK(again.next()["type"] == "reconnected");
    }
    SUBCASE("of the types it names") {
        stage.service.restart(SIGTERM);
        stage.service.await("up");
        Subscription again = since(stage.service, lost, "stopping failed disconnected");
        CHECK(again.next()["type"] == "stopping");
        CHECK(again.next("state")["type"] == "state");
        stage.exabgp.bounce();
        CHECK(again.next()["type"] == "disconnected");
    }
    SUBCASE("since a time") {
        Subscription again =
            stage.service.subscribe("since " + back["time"].get<std::string>() + " reconnected");
        CHECK(again.next() == back);
        CHECK(again.next()["type"] == "state");
        Subscription earlier = stage.service.subscribe("since 1h connected reconnected");
        CHECK(earlier.types(4) == Types{"gap", "connected", "reconnected", "state"});
    }
    SUBCASE("though it sends no more") {
        TestClient client = stage.service.client();
        client.send_raw(fmt::format("sidecar subscribe since {} {}\n",
                                    lost["boot"].get<std::string>(), lost["seq"].get<int>()));
        client.half_close();
        CHECK(Json::parse(client.read_line().value_or("{}")) == back);
        CHECK(Json::parse(client.read_line().value_or("{}"))["type"] == "state");
        stage.exabgp.bounce();
        CHECK(Json::parse(client.read_line().value_or("{}"))["type"] == "disconnected");
    }
}

TEST_CASE("a place that exapulsed knows nothing of") {
    for (const char* config : {"", "[history]\nstore = false\n"}) {
        CAPTURE(config);
        Stage stage(config);
        TestClient client = stage.service.client();
        const Answer unknown =
            client.command("sidecar subscribe since 0a0a0a0a-0000-4000-8000-000000000000 7");
        REQUIRE(unknown.lines.size() == 1);
        CHECK(unknown.lines[0].starts_with("error: unknown-place: "));
        for (const char* wrong : {"since", "since boot", "since boot x", "since boot -1"})
            CHECK(client.command(fmt::format("sidecar subscribe {}", wrong))
                      .lines.at(0)
                      .starts_with("error: bad-input: after `since`"));
        CHECK(client.command("sidecar subscribe since 1h exploded").terminator == "error");
        CHECK(client.command("test echo ok") == echo_ok);
    }
}

TEST_CASE("without a file history and resumption reach back to the start") {
    Stage stage("[limits]\nhistory = 2\n[history]\nstore = false\n");
    Subscription first = stage.service.subscribe();
    stage.exabgp.bounce();
    const Json back = first.next("reconnected");
    CHECK(stage.service.status()["history"]["store"] == "off");
    Subscription again =
        since(stage.service, {{"boot", back["boot"]}, {"seq", back["seq"].get<int>() - 2}});
    CHECK(again.types(3) == Types{"disconnected", "reconnected", "state"});
    Subscription all = since(stage.service, {{"boot", back["boot"]}, {"seq", 0}});
    CHECK(all.types(4) == Types{"gap", "disconnected", "reconnected", "state"});
    CHECK_FALSE(std::filesystem::exists(stage.service.dir() / "state/history.db"));
}

TEST_CASE("a damaged history is put aside, and subscribers are told") {
    Stage stage;
    stage.service.process().signal(SIGTERM);
    REQUIRE(stage.service.process().wait_exit());
    static_cast<void>(stage.service.dir().write("state/history.db", std::string(20'000, 'x')));
    stage.service.start();
    stage.service.await("up");
    REQUIRE(eventually([&] {
        return types_in(stage.service.client().command("sidecar history store")) == Types{"store"};
    }));
    CHECK(stage.service.logs("was damaged"));
    CHECK(stage.service.status()["history"]["store"] == "file");
    const Json event =
        Json::parse(stage.service.client().command("sidecar history store").lines.at(1));
    CHECK(event["store"] == "set-aside");
    CHECK(event["detail"].is_string());
}

TEST_CASE("who comes back after the history was damaged gets a gap for what it had") {
    Stage stage;
    Subscription first = stage.service.subscribe();
    const Json begin = first.next("state");
    stage.exabgp.bounce();
    const Json back = first.next("reconnected");
    await_written(stage.service);
    damage_schema(stage.service.dir() / "state/history.db");
    stage.exabgp.bounce();
    const Json aside = first.next("store");
    CHECK(aside["store"] == "set-aside");
    await_written(stage.service);
    Subscription again = since(stage.service, begin);
    const Json gap = again.next();
    CHECK(gap["type"] == "gap");
    CHECK(gap["seq"] == back["seq"]);
    CHECK(gap["boot"] == back["boot"]);
    CHECK(again.next()["seq"] == back["seq"].get<int>() + 1);
    CHECK(since(stage.service, back).next()["seq"] == back["seq"].get<int>() + 1);
}

TEST_CASE("a history that can't be written is kept in memory until it can") {
    Stage stage;
    const Json earlier = stage.service.status();
    stage.service.process().signal(SIGTERM);
    REQUIRE(stage.service.process().wait_exit());
    const std::string file = stage.service.dir() / "state/history.db";
    std::filesystem::rename(file, file + ".kept");
    std::filesystem::create_directory(file);
    stage.service.start();
    stage.service.await("up");
    CHECK(eventually([&] { return stage.service.status()["history"]["detail"].is_string(); }));
    CHECK(stage.service.status()["history"]["store"] == "memory");
    // Of the earlier run something is known, but not now.
    const Answer later = stage.service.client().command(
        fmt::format("sidecar subscribe since {} 1", earlier["boot"].get<std::string>()));
    REQUIRE(later.lines.size() == 1);
    CHECK(later.lines[0].starts_with("error: busy: "));
    const std::string boot = stage.service.status()["boot"];
    Subscription own = since(stage.service, {{"boot", boot}, {"seq", 0}}, "connected");
    CHECK(own.next()["type"] == "connected");
    CHECK(own.next()["type"] == "state");
    const auto sorted = [&] {
        Types types = types_in(history(stage.service));
        std::sort(types.begin(), types.end());
        return types;
    };
    CHECK(eventually([&] { return sorted() == Types{"connected", "store"}; }));
    std::filesystem::remove(file);
    std::filesystem::rename(file + ".kept", file);
    CHECK(eventually([&] { return stage.service.status()["history"]["store"] == "file"; }));
    CHECK(eventually([&] {
        return sorted() == Types{"connected", "connected", "stopping", "store", "store"};
    }));
}

TEST_CASE("a history of a newer exapulsed ends the start and stays as it is") {
    TempDir dir;
    std::filesystem::create_directory(dir / "state");
    std::string content(4'096, '\0');
    content.replace(0, 16, std::string("SQLite format 3\0", 16));
    // Page size 4096, formats, and user_version at 60: see SQLite's file format.
    const std::string head("\x10\x00\x01\x01\x00\x40\x20\x20", 8);
    content.replace(16, 8, head);
    content[31] = 1;
    content[47] = 4;
    content[59] = 1;
    content[63] = 99;
    content[100] = 0x0d;
    content[105] = 0x10;
    const std::string file = dir.write("state/history.db", content);
    const auto refused = start_in_vain(dir / "state", dir / "exapulse.sock");
    CHECK(refused.status == 78);
    CHECK(refused.err.find("written by a later exapulsed") != std::string::npos);
    CHECK(read_file(file) == content);
}

}  // namespace exapulse::test
