// SPDX-License-Identifier: BSD-3-Clause
// The client exapulse against a real exapulsed: every verdict's exit code, watch and status.
#include <algorithm>
#include <csignal>
#include <memory>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/integration/stage.hpp"
#include "tests/support/harness/terminal.hpp"

using namespace exapulse::test;
using namespace std::chrono_literals;

namespace {

/// `exapulse watch`, once it has its snapshot.
std::unique_ptr<ChildProcess> watch(const Stage& stage, std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {require_environment("EXAPULSE"), "--socket",
                                         stage.service.socket(), "watch"});
    auto process = std::make_unique<ChildProcess>(arguments);
    REQUIRE(eventually([&] { return stage.service.status()["subscribers"] == 1; }));
    return process;
}

}  // namespace

TEST_CASE("each verdict has its exit code, the answer on stdout, diagnostics on stderr") {
    Stage stage("[commands]\nhold = \"100ms\"\ndeadline = \"300ms\"\n");
    const auto run = [&](std::vector<std::string> words) {
        words.insert(words.begin(), "run");
        return stage.service.run(words);
    };
    const auto done = run({"test", "echo", "hello"});
    CHECK(done.status == 0);
    CHECK(done.out == "{\"echo\": \"hello\"}\n");
    CHECK(done.err.empty());
    const auto error = run({"--", "test", "error", "broken"});
    CHECK(error.status == 1);
    CHECK(error.out.empty());
    CHECK(error.err.find("broken") != std::string::npos);
    CHECK(stage.service.run({"run"}).status == 2);
    CHECK(stage.service.run({"rnu"}).status == 2);
    CHECK(run({"caf\xc3\xa9"}).status == 2);
    CHECK(run({"test", "hangup", "T"}).status == 3);
    stage.service.await("up");
    CHECK(run({"test", "slow", "1000", "T"}).status == 3);
    CHECK(run({"system", "api", "version", "4"}).status == 5);
    stage.service.await("up");
    CHECK(eventually([&] { return run({"test", "echo", "again"}).status == 0; }));
    stage.exabgp.stop();
    stage.service.await("connecting");
    const auto away = run({"test", "echo", "never"});
    CHECK(away.status == 4);
    CHECK(away.err.find("safe to repeat") != std::string::npos);
    stage.exabgp.start();
    stage.service.await("up");
    CHECK(stage.exabgp.count_of("test echo never") == 0);
}

TEST_CASE("busy is 6, timed out waiting is 7, exapulsed away is 8") {
    Stage stage("[limits]\nclients = 2\nadmin_clients = 0\n");
    {
        TestClient one = stage.service.client();
        CHECK(eventually([&] {
            TestClient two = stage.service.client();
            return two.command("test echo x").terminator == "done";
        }));
        REQUIRE(eventually([&] { return one.command("test echo x").terminator == "done"; }));
        TestClient two = stage.service.client();
        REQUIRE(eventually([&] {
            if (two.command("test echo x").terminator == "done") return true;
            two = stage.service.client();
            return false;
        }));
        CHECK(stage.service.run({"run", "peer", "list"}).status == 6);
    }
    CHECK(eventually([&] { return stage.service.run({"run", "peer", "list"}).status == 0; }));
    const std::string exapulse = require_environment("EXAPULSE");
    ChildProcess waits({exapulse, "--socket", stage.service.socket(), "--timeout", "200ms", "run",
                        "test", "slow", "2000", "T"});
    CHECK(waits.wait_exit() == 7);
    CHECK(waits.stderr_text().find("unknown") != std::string::npos);
    ChildProcess nobody({exapulse, "--socket", stage.dir / "nobody.sock", "status"});
    CHECK(nobody.wait_exit() == 8);
    CHECK(nobody.stderr_text().find("nobody.sock") != std::string::npos);
}

TEST_CASE("run -: lines from stdin, streamed, with line numbers in errors") {
    Stage stage;
    std::string input = "# a comment\n\ntest echo one\ntest error two\napi version 4\n";
    for (int i = 0; i < 3'000; ++i) input += "test echo " + std::to_string(i) + "\n";
    const auto run = stage.service.run({"run", "-"}, input);
    CHECK(run.status == 5);  // denied is worse than an error of ExaBGP's
    CHECK(std::count(run.out.begin(), run.out.end(), '\n') == 3'001);
    CHECK(run.err.find("line 4") != std::string::npos);
    CHECK(run.err.find("line 5") != std::string::npos);
    CHECK(run.err.find("line 6") == std::string::npos);
    CHECK(stage.exabgp.count_of("test echo one") == 1);
    CHECK(stage.service.run({"run", "-"}, "test echo a\ntest echo b\n").status == 0);
}

TEST_CASE("run spells for v6 as 4.2 and 5.0 are told; -v says so, --raw does not spell") {
    Stage stage;
    const std::string route = "announce route 10.9.0.0/24 next-hop 192.0.2.1";
    const auto quiet = stage.service.run({"run", route});
    CHECK(quiet.status == 0);
    CHECK(quiet.out.empty());
    CHECK(quiet.err.empty());
    CHECK(stage.exabgp.received() == std::vector<std::string>{"peer * " + route});
    CHECK(stage.exabgp.routes() == std::vector<std::string>{"10.9.0.0/24"});

    const auto told = stage.service.run({"run", "-v", "withdraw", "route  10.9.0.0/24"});
    CHECK(told.status == 0);
    CHECK(told.out.empty());
    CHECK(told.err ==
          "exapulse: spelled \"peer * withdraw route  10.9.0.0/24\" (ExaBGP speaks v6)\n");
    CHECK(stage.exabgp.routes().empty());
    const auto version = stage.service.run({"run", "--verbose", "version"});
    CHECK(version.status == 0);
    CHECK(version.out.find("6.0.0") != std::string::npos);
    CHECK(version.err == "exapulse: spelled \"system version\" (ExaBGP speaks v6)\n");

    CHECK(stage.service.run({"run", "-v", "--raw", route}).status == 1);
    CHECK(stage.exabgp.count_of(route) == 1);
    const auto right = stage.service.run({"run", "-v", "peer * " + route});
    CHECK(right.status == 0);
    CHECK(right.err.empty());
    const auto neighbor = stage.service.run({"run", "-v", "neighbor 127.0.0.1 " + route});
    CHECK(neighbor.status == 0);
    CHECK(stage.exabgp.count_of("peer 127.0.0.1 " + route) == 1);
    CHECK(stage.service.run({"run", "neighbor 192.0.2.9 " + route}).status == 5);
}

TEST_CASE("run leaves v4 alone, which takes both spellings") {
    TempDir dir;
    ExabgpSimulator exabgp(dir / "exabgp.sock", exapulse::Dialect::V4);
    Service service(exabgp.path());
    service.await("up");
    for (const std::string command :
         {"announce route 10.9.0.0/24 next-hop 192.0.2.1", "show adj-rib out", "rib show out",
          "peer * withdraw route 10.9.0.0/24", "version", "system version"}) {
        CAPTURE(command);
        exabgp.clear_history();
        const auto run = service.run({"run", "-v", command});
        CHECK(run.status == 0);
        CHECK(run.err.empty());
        CHECK(exabgp.count_of(command) == 1);
    }
}

TEST_CASE("run -: commands of both spellings among others keep their order and their answers") {
    Stage stage;
    constexpr int rounds = 1'000;
    std::string input, output, sent;
    for (int i = 0; i < rounds; ++i) {
        const std::string echo = "test echo " + std::to_string(i);
        const std::string route =
            fmt::format("announce route 10.{}.{}.0/24 next-hop 192.0.2.1", i / 256, i % 256);
        input += echo + "\n  " + route + "\npeer * " + route + "\nannouncement\n";
        output += fmt::format("{{\"echo\": \"{}\"}}\n", i);
        sent += echo + "\n  peer * " + route + "\npeer * " + route + "\nannouncement\n";
    }
    const auto run = stage.service.run({"run", "-v", "-"}, input);
    CHECK(run.status == 1);  // there is no command `announcement`
    CHECK(run.out == output);
    std::string received;
    for (const std::string& line : stage.exabgp.received()) received += line + "\n";
    CHECK(received == sent);
    CHECK(stage.exabgp.route_count() == rounds);
    CHECK(run.err.starts_with("exapulse: line 2: spelled \"  peer * announce route 10.0.0.0/24"));
    CHECK(run.err.find("line 3:") == std::string::npos);
    CHECK(run.err.find("line 4: announcement: ExaBGP said error") != std::string::npos);
    CHECK(std::count(run.err.begin(), run.err.end(), '\n') == 2 * rounds + 1);
    CHECK(run.err.find("exapulse: 1000 of 4000 lines failed: ") != std::string::npos);
}

TEST_CASE("watch: people see the connection and a restart, scripts get the raw lines") {
    Stage stage;
    const std::string before = stage.exabgp.uuid();
    auto people = watch(stage, {"--count", "2"});
    REQUIRE(
        eventually([&] { return people->stdout_text().find("Up since ") != std::string::npos; }));
    stage.exabgp.restart();
    CHECK(people->wait_exit() == 0);
    const std::string seen = people->stdout_text();
    const std::string after = stage.exabgp.uuid();
    CHECK(seen.find("\u2713 Up since ") != std::string::npos);
    CHECK(seen.find(before, seen.find("estart")) != std::string::npos);
    CHECK(seen.find(after) != std::string::npos);
    CHECK(seen.find('\x1b') == std::string::npos);  // no colour where there is no terminal

    stage.service.await("up");
    auto script = watch(stage, {"--json", "--type", "restarted", "--count", "1"});
    stage.exabgp.bounce();
    stage.exabgp.restart();
    CHECK(script->wait_exit() == 0);
    const std::string out = script->stdout_text();
    const Json last = Json::parse(out.substr(out.rfind('\n', out.size() - 2) + 1));
    CHECK(last["type"] == "restarted");
    CHECK(last["previous"] == after);
    CHECK(Json::parse(out.substr(0, out.find('\n')))["type"] == "state");
}

TEST_CASE("watch ends with 4 on a failure if asked, with 7 in time, also without exapulsed") {
    TempDir dir;
    ExabgpSimulator exabgp(dir / "exabgp.sock");
    Service service(exabgp.path(), {"", "100ms", {}, {}});
    service.await("up");
    const auto watch = [&](std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(),
                         {require_environment("EXAPULSE"), "--socket", service.socket()});
        return std::make_unique<ChildProcess>(arguments);
    };
    CHECK(watch({"watch", "--type", "nonsense"})->wait_exit() == 2);
    CHECK(watch({"--timeout", "200ms", "watch", "--count", "1"})->wait_exit() == 7);
    auto failing = watch({"watch", "--exit-on-failure"});
    REQUIRE(eventually([&] { return service.status()["subscribers"] == 1; }));
    exabgp.stop();
    CHECK(failing->wait_exit() == 4);
    auto deserted = watch({"--timeout", "1s", "watch"});
    REQUIRE(eventually([&] { return service.status()["subscribers"] == 1; }));
    service.process().signal(SIGTERM);
    CHECK(deserted->wait_exit() == 7);
    CHECK(deserted->stderr_text().find("exapulsed closed the connection; attaching again") !=
          std::string::npos);
}

TEST_CASE("watch on a terminal outlasts exapulsed, and shows a restart of ExaBGP meanwhile") {
    Stage stage;
    ChildProcess terminal({"script", "-qefc",
                           "'" + require_environment("EXAPULSE") + "' --socket '" +
                               stage.service.socket() + "' watch",
                           "/dev/null"});
    const auto shows = [&](std::string_view text) {
        return eventually([&] { return terminal.stdout_text().find(text) != std::string::npos; });
    };
    REQUIRE(shows("Up since"));
    stage.service.process().signal(SIGTERM);
    REQUIRE(stage.service.process().wait_exit());
    CHECK(shows("exapulsed closed the connection; attaching again"));
    stage.exabgp.start();
    stage.service.start();
    CHECK(shows("WARNING: ExaBGP restarted"));
    CHECK(shows(stage.exabgp.uuid()));
    CHECK(terminal.is_running());
}

TEST_CASE("status fits one screen and --json is the answer itself") {
    Stage stage;
    const auto text = stage.service.run({"status"});
    CHECK(text.status == 0);
    CHECK(std::count(text.out.begin(), text.out.end(), '\n') <= 24);
    for (const std::string& part : {std::string("up"), stage.exabgp.uuid(), stage.exabgp.path(),
                                    std::string("6.0.0"), std::string("0 of 3")}) {
        CAPTURE(part);
        CHECK(text.out.find(part) != std::string::npos);
    }
    const auto raw = stage.service.run({"status", "--json"});
    CHECK(raw.status == 0);
    CHECK(Json::parse(raw.out)["uuid"] == stage.exabgp.uuid());
}

TEST_CASE("an answer is escaped where a terminal shows it, and goes raw into a pipe") {
    Stage stage;
    const std::string esc = "\x1b";
    const auto on_terminal = [&](std::vector<std::string> words) {
        words.insert(words.begin(),
                     {require_environment("EXAPULSE"), "--socket", stage.service.socket()});
        const Terminal terminal(
            words, {.environment = {{"TERM", "dumb"}, {"LANG", "C.UTF-8"}}, .recorded = true});
        CHECK(terminal.wait_exit() == 0);
        return terminal.written();
    };
    const std::string shown = on_terminal({"run", "test", "garbage", "T"});
    CHECK(shown.find(esc) == std::string::npos);
    CHECK(shown.find("\\x1b") != std::string::npos);
    CHECK(on_terminal({"run", "--json", "test", "garbage", "T"}).find(esc) == std::string::npos);

    const auto piped = stage.service.run({"run", "test", "garbage", "T"});
    CHECK(piped.status == 0);
    CHECK(piped.out.find(esc) != std::string::npos);
    CHECK(piped.out.find("\xff\xfe done") != std::string::npos);
}

TEST_CASE("a command that failed comes with what may have been meant") {
    Stage stage;
    const auto shorts = stage.service.run({"run", "s", "n", "s"});
    CHECK(shorts.status == 1);
    CHECK(shorts.err.find("did you mean: show neighbor summary") != std::string::npos);
    const auto cut = stage.service.run({"run", "test", "error", "{"});
    CHECK(cut.status == 1);
    CHECK(cut.err.find("put the whole command in quotes") != std::string::npos);
    CHECK(stage.service.run({"run", "test", "error", "x"}).err.find(';') == std::string::npos);
}

TEST_CASE("who gives up withdraws what was not sent, and the exit code says which it was") {
    Stage stage("[commands]\nhold = \"1m\"\n");
    const auto run = [&](const std::string& command) {
        return stage.service.run({"run", "-t", "300ms", "--", command});
    };
    const auto sent = run("test slow 5000 T");
    CHECK(sent.status == 7);
    CHECK(sent.err.find("check ExaBGP's state before retrying") != std::string::npos);
    const auto behind = run("test echo behind");
    CHECK(behind.status == 4);
    CHECK(behind.err.find("so the command was withdrawn") != std::string::npos);

    stage.exabgp.stop();
    stage.service.await("connecting");
    const auto away = run("test echo away");
    CHECK(away.status == 4);
    ChildProcess interrupted({require_environment("EXAPULSE"), "--socket", stage.service.socket(),
                              "run", "test", "echo", "interrupted"});
    REQUIRE(eventually([&] { return stage.service.status()["queue"]["waiting"] == 1; }));
    interrupted.signal(SIGINT);
    CHECK(interrupted.wait_exit() == 4);
    CHECK(stage.service.status()["queue"]["waiting"] == 0);
    stage.exabgp.start();
    stage.service.await("up");
    CHECK(stage.service.run({"run", "test", "echo", "last"}).status == 0);
    for (const std::string tag : {"behind", "away", "interrupted"})
        CHECK(stage.exabgp.count_of("test echo " + tag) == 0);
}
