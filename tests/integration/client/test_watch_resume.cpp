// SPDX-License-Identifier: BSD-3-Clause
// `exapulse watch` goes on where it was: after exapulsed, after its own end, after a slow command.
#include <algorithm>
#include <csignal>
#include <fstream>
#include <sys/socket.h>
#include <unistd.h>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/integration/client/fake_exapulsed.hpp"
#include "tests/integration/stage.hpp"
#include "tests/support/harness/eventually.hpp"
#include "tests/support/harness/file_lines.hpp"

namespace exapulse::test {

namespace {

using Lines = std::vector<std::string>;

Json cursor_in(const std::string& file) {
    std::ifstream stream(file);
    const Json cursor = Json::parse(stream, nullptr, false);
    return cursor.is_object() ? cursor : Json::object();
}

std::unique_ptr<ChildProcess> watch(const std::string& socket, Lines options) {
    options.insert(options.begin(), {require_environment("EXAPULSE"), "--socket", socket, "watch"});
    return std::make_unique<ChildProcess>(options);
}

Lines lines_in(const std::string& text) {
    Lines lines;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        lines.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    return lines;
}

/// "failed 7" of each event of `watch --json`, without the snapshots.
Lines events_in(const ChildProcess& watch) {
    Lines events;
    for (const std::string& line : lines_in(watch.stdout_text())) {
        const Json event = Json::parse(line, nullptr, false);
        if (!event.is_object() || event["type"] == "state") continue;
        events.push_back(
            fmt::format("{} {}", event["type"].get<std::string>(), event["seq"].get<int>()));
    }
    return events;
}

/// The same of the history: all of these types that there have been.
Lines history(const Service& service, const std::string& types) {
    Lines events;
    const Answer answer = service.client().command("sidecar history " + types);
    for (std::size_t i = 1; i < answer.lines.size(); ++i) {
        const Json event = Json::parse(answer.lines[i]);
        events.push_back(
            fmt::format("{} {}", event["type"].get<std::string>(), event["seq"].get<int>()));
    }
    return events;
}

void bounce(Stage& stage) {
    const int seq = stage.service.status()["seq"];
    stage.exabgp.bounce();
    REQUIRE(eventually([&] {
        const Json status = stage.service.status();
        return status["state"] == "up" && status["seq"].get<int>() >= seq + 2;
    }));
}

/// A watch with a cursor whose command notes every event.
struct Noting {
    Stage& stage;
    Lines options;
    std::string cursor = stage.dir / "cursor";
    std::string noted_file = stage.dir / "noted";
    std::string blocked = stage.dir / "blocked";  // while it exists the command fails
    std::unique_ptr<ChildProcess> process{};

    void start() {
        Lines words{"--cursor", cursor, "--exec",
                    fmt::format("[ ! -e {} ] && echo $EXAPULSE_TYPE $EXAPULSE_SEQ >> {}", blocked,
                                noted_file)};
        words.insert(words.end(), options.begin(), options.end());
        process = watch(stage.service.socket(), words);
    }
    void kill() {
        process->signal(SIGKILL);
        REQUIRE(process->wait_exit());
    }
    [[nodiscard]] Lines noted() const { return lines_of(noted_file); }
    [[nodiscard]] Outcome handled(const Lines& events) const {
        return eventually([&] { return noted() == events; });
    }
    /// The cursor is behind all that has happened: a command may run twice until then.
    [[nodiscard]] Outcome settled() const {
        return eventually([&] {
            return cursor_in(cursor).value("seq", -1) == stage.service.status()["seq"].get<int>();
        });
    }
    [[nodiscard]] Outcome attached() const {
        return eventually([&] { return stage.service.status()["subscribers"] == 1; });
    }
    [[nodiscard]] Outcome complains(std::string_view text) const {
        return eventually([&] { return process->stderr_text().find(text) != std::string::npos; });
    }
};

constexpr const char* lost_and_found = "disconnected reconnected";

std::string event(const std::string& type, int seq, const std::string& more = "") {
    return fmt::format(R"({{"type":"{}","seq":{},"boot":"b","time":"2026-11-01T10:00:00.000000Z",)"
                       R"("state":"up","uuid":"u"{}}})",
                       type, seq, more);
}

}  // namespace

TEST_CASE("resume: a hook misses nothing while it, its command or exapulsed is down") {
    Stage stage;
    Noting hook{stage, {"--type", "disconnected,reconnected"}};
    hook.start();
    REQUIRE(hook.attached());
    CHECK(hook.noted().empty());  // it begins with what happens from now on
    bounce(stage);
    Lines expected = history(stage.service, lost_and_found);
    CHECK(hook.handled(expected));
    CHECK(hook.settled());

    SUBCASE("the hook is killed") {
        for (int round = 0; round < 3; ++round) {
            CHECK(hook.settled());
            hook.kill();
            bounce(stage);
            hook.start();
            CHECK(hook.handled(history(stage.service, lost_and_found)));
        }
    }
    SUBCASE("exapulsed is killed, and ends") {
        for (const int number : {SIGKILL, SIGTERM}) {
            bounce(stage);
            REQUIRE(eventually([&] { return stage.service.status()["history"]["waiting"] == 0; }));
            const Lines before = history(stage.service, lost_and_found);
            stage.service.restart(number);
            stage.service.await("up");
            bounce(stage);
            const Lines all = history(stage.service, lost_and_found);
            CHECK(all.size() == before.size() + 2);
            CHECK(hook.handled(all));
        }
    }
    SUBCASE("both are down") {
        CHECK(hook.settled());
        hook.kill();
        bounce(stage);
        stage.service.restart(SIGTERM);
        stage.service.await("up");
        bounce(stage);
        hook.start();
        CHECK(hook.handled(history(stage.service, lost_and_found)));
    }
    SUBCASE("the command fails") {
        std::ofstream(hook.blocked) << std::flush;
        bounce(stage);
        CHECK(hook.complains("it is repeated, at most every 1m"));
        CHECK(hook.noted() == expected);
        CHECK_FALSE(cursor_in(hook.cursor)["seq"] == stage.service.status()["seq"]);
        hook.kill();
        bounce(stage);
        unlink(hook.blocked.c_str());
        hook.start();
        CHECK(hook.handled(history(stage.service, lost_and_found)));
    }
    hook.process->signal(SIGTERM);
    CHECK(hook.process->wait_exit() == 128 + SIGTERM);
    CHECK(hook.noted() == history(stage.service, lost_and_found));
}

TEST_CASE("resume: the place moves on without events of these types, and past what was handled") {
    Stage stage;
    Noting hook{stage, {"--type", "failed"}};
    hook.start();
    CHECK(eventually([&] { return cursor_in(hook.cursor)["boot"].is_string(); }));
    hook.kill();
    bounce(stage);
    const Json status = stage.service.status();
    hook.start();
    CHECK(eventually([&] { return cursor_in(hook.cursor)["seq"] == status["seq"]; }));
    CHECK(cursor_in(hook.cursor)["boot"] == status["boot"]);
    CHECK(cursor_in(hook.cursor)["uuid"] == stage.exabgp.uuid());
    CHECK(hook.noted().empty());
}

TEST_CASE("resume: an older cursor, a UUID alone, is read and upgraded") {
    Stage stage;
    const std::string first = stage.exabgp.uuid();
    stage.dir.write("cursor", first + "\n");
    Noting hook{stage, {}};
    hook.start();
    CHECK(eventually([&] { return cursor_in(hook.cursor)["seq"].is_number(); }));
    CHECK(cursor_in(hook.cursor)["uuid"] == first);
    CHECK(hook.noted().empty());  // it has been handled
    hook.kill();
    stage.dir.write("cursor", first + "\n");
    stage.exabgp.start();
    REQUIRE(eventually([&] { return stage.service.status()["uuid"] == stage.exabgp.uuid(); }));
    hook.start();
    CHECK(eventually([&] { return cursor_in(hook.cursor)["uuid"] == stage.exabgp.uuid(); }));
    CHECK(hook.noted().size() == 1);
}

TEST_CASE("resume: a cursor of another host goes on by time, after a gap that is shown") {
    Stage stage;
    bounce(stage);
    const std::string since = stage.service.status()["started"];
    stage.dir.write("cursor",
                    R"({"uuid":"elsewhere","boot":"elsewhere","seq":7,"time":")" + since + "\"}\n");
    Noting hook{stage, {"--type", "disconnected,reconnected,gap", "--json"}};
    hook.start();
    CHECK(hook.complains("exapulsed knows nothing of the events after --cursor " + hook.cursor));
    CHECK(eventually([&] { return hook.noted().size() == 3; }));
    Lines expected = history(stage.service, lost_and_found);
    REQUIRE(expected.size() == 2);
    const int first = stage.service.status()["seq"].get<int>() - 1;
    expected.insert(expected.begin(), fmt::format("gap {}", first - 1));
    CHECK(hook.noted() == expected);
    CHECK(events_in(*hook.process) == expected);
    CHECK(eventually(
        [&] { return cursor_in(hook.cursor)["boot"] == stage.service.status()["boot"]; }));
}

TEST_CASE("resume: of events that are no longer kept a gap is shown, and the rest is handled") {
    Stage stage("[limits]\nhistory = 2\n[history]\nstore = false\n");
    Noting hook{stage, {"--type", "disconnected,reconnected,gap"}};
    hook.start();
    CHECK(eventually([&] { return cursor_in(hook.cursor)["boot"].is_string(); }));
    hook.kill();
    for (int round = 0; round < 3; ++round) bounce(stage);
    hook.start();
    CHECK(hook.complains("events are missing that exapulsed no longer keeps"));
    Lines expected = history(stage.service, lost_and_found);
    REQUIRE(expected.size() == 2);
    const int first = stage.service.status()["seq"].get<int>() - 1;
    expected.insert(expected.begin(), fmt::format("gap {}", first - 1));
    CHECK(hook.handled(expected));
}

TEST_CASE("resume: where exapulsed keeps no history a restart is found by the UUID") {
    Stage stage("[history]\nstore = false\n");
    Noting hook{stage, {}};
    hook.start();
    CHECK(eventually([&] { return cursor_in(hook.cursor)["uuid"] == stage.exabgp.uuid(); }));
    hook.kill();
    stage.service.process().signal(SIGTERM);
    REQUIRE(stage.service.process().wait_exit());
    stage.exabgp.start();
    stage.service.start();
    stage.service.await("up");
    hook.start();
    CHECK(eventually([&] { return cursor_in(hook.cursor)["uuid"] == stage.exabgp.uuid(); }));
    CHECK(hook.noted().size() == 2);
}

TEST_CASE("resume: a cursor that can't be written is reported, and nothing is lost by that") {
    Stage stage;
    Noting hook{stage, {"--type", "disconnected,reconnected"}};
    hook.cursor = stage.dir / "none/cursor";
    hook.start();
    CHECK(hook.complains("--cursor: cannot write " + hook.cursor));
    CHECK(hook.complains("No such file or directory"));
    bounce(stage);
    const Lines events = history(stage.service, lost_and_found);
    CHECK(hook.handled(events));
    hook.process->signal(SIGTERM);
    CHECK(hook.process->wait_exit() == 128 + SIGTERM);
}

TEST_CASE("resume: a watch whose output is a pipe attaches again, and shows what it has missed") {
    Stage stage;
    const auto script = watch(stage.service.socket(), {"--json"});
    REQUIRE(eventually([&] { return stage.service.status()["subscribers"] == 1; }));
    bounce(stage);
    const Lines before = history(stage.service, "");
    stage.service.process().signal(SIGTERM);
    REQUIRE(stage.service.process().wait_exit());
    stage.exabgp.start();
    stage.service.start();
    REQUIRE(eventually([&] { return stage.service.status()["uuid"] == stage.exabgp.uuid(); }));
    stage.service.await("up");
    const auto shown = [&] {
        Lines all = history(stage.service, "");
        all.erase(all.begin());  // `connected`, before it attached
        return events_in(*script) == all;
    };
    CHECK(eventually(shown));
    CHECK(before.size() < history(stage.service, "").size());
    CHECK(script->stderr_text().find("attaching again") != std::string::npos);
    CHECK(script->is_running());
}

TEST_CASE("resume: --exit-on-failure ends with 8 when exapulsed goes") {
    Stage stage;
    const auto script = watch(stage.service.socket(), {"--exit-on-failure"});
    REQUIRE(eventually([&] { return stage.service.status()["subscribers"] == 1; }));
    stage.service.process().signal(SIGTERM);
    CHECK(script->wait_exit() == 8);
}

TEST_CASE("resume: a watch waits for an exapulsed that is busy at the start, and says so once") {
    const FakeExapulsed exapulsed;
    Lines options{"--json", "--type", "failed"};
    SUBCASE("with a cursor") {
        options.insert(options.end(), {"--cursor", exapulsed.dir / "cursor"});
    }
    SUBCASE("with a command") {
        options.insert(options.end(), {"--exec", "true"});
    }
    SUBCASE("without either") {}
    const auto script = watch(exapulsed.path, options);
    for (int i = 0; i < 3; ++i) {
        AcceptedClient refused = exapulsed.accept_client();
        CHECK(refused.read_line() == "sidecar subscribe failed");
        if (i != 1) refused.send_line("error: busy: full\nerror");  // then exapulsed is killed
    }
    AcceptedClient client = exapulsed.accept_client();
    for (const std::string& line : {event("state", 1), event("failed", 2)}) client.send_line(line);
    CHECK(eventually([&] { return events_in(*script) == Lines{"failed 2"}; }));
    CHECK(script->stderr_text() == "exapulse: busy: full; trying again\n");
    CHECK(script->is_running());
}

TEST_CASE("resume: what a watch does not wait for at the start") {
    const FakeExapulsed exapulsed;
    const std::string cursor = exapulsed.dir / "cursor";
    const auto end_after = [&](const Lines& options, const std::string& answer) {
        const auto script = watch(exapulsed.path, options);
        if (!answer.empty()) exapulsed.accept_client().send_line(answer);
        const auto status = script->wait_exit();
        CHECK(script->stderr_text().find("trying again") == std::string::npos);
        return status;
    };
    CHECK(end_after({"--exit-on-failure"}, "error: busy: full\nerror") == 6);
    CHECK(end_after({"--cursor", cursor}, "error: denied: not you\nerror") == 5);
    CHECK(end_after({"--cursor", cursor}, "error: bad-input: no\nerror") == 2);
}

TEST_CASE("resume: a hook gets its turn once there is room for another client") {
    Stage stage("[limits]\nclients = 3\nadmin_clients = 0\n");
    std::vector<TestClient> others = stage.service.clients(3);
    Noting hook{stage, {"--type", "disconnected,reconnected"}};
    hook.start();
    CHECK(hook.complains("busy: 3 clients attached already, limits.clients (3); "));
    CHECK(hook.process->is_running());
    others.clear();
    REQUIRE(eventually([&] {
        const Answer status = stage.service.client().command("sidecar status");
        return status.terminator == "done" && Json::parse(status.lines[0])["subscribers"] == 1;
    }));
    bounce(stage);
    CHECK(hook.handled(history(stage.service, lost_and_found)));
    CHECK(lines_in(hook.process->stderr_text()).size() == 1);
}

TEST_CASE("resume: what exapulsed drops for a watch with a cursor is asked for again") {
    const FakeExapulsed exapulsed;
    const std::string cursor = exapulsed.dir / "cursor";
    const auto script = watch(exapulsed.path, {"--json", "--type", "failed", "--cursor", cursor});
    AcceptedClient first = exapulsed.accept_client();
    CHECK(first.read_line() == "sidecar subscribe failed");
    for (const std::string& line : {event("state", 1), event("failed", 2),
                                    event("lagged", 5, R"(,"dropped":3)"), event("failed", 6)})
        first.send_line(line);
    CHECK(first.at_eof());
    AcceptedClient second = exapulsed.accept_client();
    CHECK(second.read_line() == "sidecar subscribe since b 2 failed");
    for (int seq : {3, 5, 6}) second.send_line(event("failed", seq));
    second.send_line(event("state", 6));
    CHECK(eventually([&] { return cursor_in(cursor)["seq"] == 6; }));
    CHECK(events_in(*script) == Lines{"failed 2", "failed 3", "failed 5", "failed 6"});
}

TEST_CASE("resume: more events than may wait for the command are left to exapulsed") {
    constexpr int many = 1'200;  // 1,000 may wait, and what a read brings with the last of them
    const FakeExapulsed exapulsed;
    const std::string noted = exapulsed.dir / "noted", gate = exapulsed.dir / "gate";
    const auto hook =
        watch(exapulsed.path,
              {"-q", "--type", "failed", "--cursor", exapulsed.dir / "cursor", "--exec",
               fmt::format("while [ ! -e {} ]; do sleep 0.02; done; echo $EXAPULSE_SEQ >> {}", gate,
                           noted)});
    AcceptedClient client = exapulsed.accept_client();
    CHECK(client.read_line() == "sidecar subscribe failed");
    client.send_line(event("state", 0));
    // Whatever fits into the socket beside what the watch takes.
    const int buffer = 4'096;
    REQUIRE(setsockopt(client.fd(), SOL_SOCKET, SO_SNDBUF, &buffer, sizeof buffer) == 0);
    std::string lines;
    const std::string detail = fmt::format(R"(,"detail":"{:x>1000}")", "");
    for (int seq = 1; seq <= many; ++seq) lines += event("failed", seq, detail) + "\n";
    const ssize_t sent = send(client.fd(), lines.data(), lines.size(), MSG_DONTWAIT);
    std::size_t taken = sent > 0 ? static_cast<std::size_t>(sent) : 0;
    const auto push = [&] {
        const ssize_t more =
            send(client.fd(), lines.data() + taken, lines.size() - taken, MSG_DONTWAIT);
        if (more > 0) taken += static_cast<std::size_t>(more);
        return taken == lines.size();
    };
    CHECK_FALSE(eventually(push, std::chrono::milliseconds(500)));
    CHECK(taken < lines.size() * 19 / 20);
    std::ofstream(gate) << std::flush;
    CHECK(eventually(push, 6 * patience));
    CHECK(eventually([&] { return lines_of(noted).size() == many; }, 6 * patience));
    const Lines all = lines_of(noted);
    REQUIRE(all.size() == many);
    for (int seq = 1; seq <= many; ++seq)
        if (all[static_cast<std::size_t>(seq) - 1] != std::to_string(seq)) FAIL(seq);
}

}  // namespace exapulse::test
