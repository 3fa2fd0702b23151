// SPDX-License-Identifier: BSD-3-Clause
// `exapulse watch --exec`: a command for each event, in order, and none for what is no event.
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include <doctest/doctest.h>

#include "tests/integration/stage.hpp"
#include "tests/support/harness/eventually.hpp"
#include "tests/support/harness/file_lines.hpp"

using namespace exapulse::test;

namespace {

bool lives(pid_t pid) {
    std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
    std::string text;
    std::getline(stat, text);
    const auto name_ends = text.rfind(')');
    return name_ends != std::string::npos && text.compare(name_ends, 3, ") Z") != 0;
}

struct Watching {
    Stage& stage;
    std::string file = stage.dir / "ran";
    std::unique_ptr<ChildProcess> process;

    Watching(Stage& on, const std::string& command, std::vector<std::string> options = {})
        : stage(on) {
        const char* program = std::getenv("EXAPULSE");
        REQUIRE(program != nullptr);
        std::vector<std::string> words{program, "--socket", stage.service.socket(),
                                       "watch", "--exec",   "( " + command + " ) >> " + file};
        words.insert(words.end(), options.begin(), options.end());
        process = std::make_unique<ChildProcess>(words);
        REQUIRE(eventually([&] { return stage.service.status()["subscribers"] == 1; }));
    }
    [[nodiscard]] std::vector<std::string> ran() const { return lines_of(file); }
};

}  // namespace

TEST_CASE("each event runs the command once, in order, with what happened in its environment") {
    Stage stage;
    const Json before = stage.service.status();
    Watching watching(stage, "echo $EXAPULSE_TYPE $EXAPULSE_PREVIOUS_UUID $EXAPULSE_CAUSE",
                      {"--count", "4"});
    stage.exabgp.bounce();
    CHECK(eventually([&] { return watching.ran().size() == 2; }));
    stage.exabgp.crash();
    stage.exabgp.start();
    CHECK(watching.process->wait_exit() == 0);
    CHECK(watching.ran() ==
          std::vector<std::string>{"disconnected closed", "reconnected", "disconnected closed",
                                   "restarted " + before["uuid"].get<std::string>() + " closed"});
    CHECK(watching.process->stderr_text().empty());
}

TEST_CASE("the snapshot runs nothing; -q prints nothing; the command has no input") {
    Stage stage;
    Watching watching(stage, "cat; echo \"$EXAPULSE_EVENT\"",
                      {"-q", "--type", "restarted", "--count", "1"});
    stage.exabgp.crash();
    stage.exabgp.start();
    CHECK(watching.process->wait_exit() == 0);
    CHECK(watching.process->stdout_text().empty());
    REQUIRE(watching.ran().size() == 1);
    CHECK(Json::parse(watching.ran()[0])["type"] == "restarted");
}

TEST_CASE("a command that fails is told, and the next one runs; a slow one delays no reading") {
    Stage stage;
    const std::string gate = stage.dir / "gate";
    Watching watching(stage,
                      "[ $EXAPULSE_TYPE = disconnected ] && while [ ! -e " + gate +
                          " ]; do sleep 0.05; done; echo $EXAPULSE_TYPE; exit 3",
                      {"--count", "2"});
    stage.exabgp.bounce();
    // Both events are shown while the first command still runs.
    CHECK(eventually(
        [&] { return watching.process->stdout_text().find("Reconnected") != std::string::npos; }));
    CHECK(watching.ran().empty());
    std::ofstream(gate) << std::flush;
    CHECK(watching.process->wait_exit() == 0);
    CHECK(watching.ran() == std::vector<std::string>{"disconnected", "reconnected"});
    CHECK(watching.process->stderr_text().find("the command of --exec exited with 3") !=
          std::string::npos);
}

TEST_CASE("a caller that ignores SIGCHLD takes no command's end away") {
    Stage stage;
    std::signal(SIGCHLD, SIG_IGN);
    Watching watching(stage, "echo $EXAPULSE_TYPE; exit 3", {"--count", "2"});
    std::signal(SIGCHLD, SIG_DFL);
    stage.exabgp.bounce();
    CHECK(watching.process->wait_exit() == 0);
    CHECK(watching.ran() == std::vector<std::string>{"disconnected", "reconnected"});
    CHECK(watching.process->stderr_text().find("the command of --exec exited with 3") !=
          std::string::npos);
}

TEST_CASE("when the time is up no other command is started") {
    Stage stage;
    const std::string gate = stage.dir / "gate";
    Watching watching(stage,
                      "while [ ! -e " + gate + " ]; do sleep 0.05; done; echo $EXAPULSE_TYPE",
                      {"--timeout", "1s"});
    stage.exabgp.bounce();
    const auto told = [&](std::string_view text) {
        return watching.process->stderr_text().find(text) != std::string::npos;
    };
    CHECK(eventually([&] { return told("1 event not passed to --exec"); }));
    std::ofstream(gate) << std::flush;
    CHECK(watching.process->wait_exit() == 7);
    CHECK(watching.ran() == std::vector<std::string>{"disconnected"});
}

TEST_CASE("a peer that comes up runs the command with its address") {
    Stage stage("[peers]\ninterval = \"100ms\"\n");
    Watching watching(stage, "echo $EXAPULSE_PEER_ADDRESS $EXAPULSE_PEER_AS $EXAPULSE_PEER_STATE",
                      {"--type", "peers,peer-up", "--count", "2"});
    CHECK(eventually([&] {
        return watching.process->stdout_text().find("0 of 1 peer established") != std::string::npos;
    }));
    stage.exabgp.set_peer_state("ESTABLISHED");
    CHECK(watching.process->wait_exit() == 0);
    CHECK(watching.ran() == std::vector<std::string>{"127.0.0.1 65001 established"});
}

TEST_CASE("a command that hangs is ended with all it started, and the next one runs") {
    Stage stage;
    const std::string pids = stage.dir / "pids";
    Watching watching(stage,
                      "[ $EXAPULSE_TYPE = disconnected ] && { echo $$ >" + pids +
                          "; sleep 1000 & echo $! >>" + pids + "; wait; }; echo $EXAPULSE_TYPE",
                      {"--count", "2", "--exec-timeout", "500ms"});
    stage.exabgp.bounce();
    CHECK(watching.process->wait_exit() == 0);
    CHECK(watching.ran() == std::vector<std::string>{"reconnected"});
    const std::string told = watching.process->stderr_text();
    CAPTURE(told);
    CHECK(told.find("the command of --exec has not ended within 500ms (--exec-timeout)") !=
          std::string::npos);
    CHECK(told.find("was ended by signal 15") != std::string::npos);
    REQUIRE(lines_of(pids).size() == 2);
    for (const std::string& pid : lines_of(pids)) CHECK_FALSE(lives(std::stoi(pid)));
}

TEST_CASE("a signal that ends the watch ends the command that runs, also a stubborn one") {
    Stage stage;
    for (const int number : {SIGTERM, SIGINT}) {
        CAPTURE(number);
        const std::string pids = stage.dir / ("pids" + std::to_string(number));
        const bool stubborn = number == SIGINT;
        Watching watching(stage, std::string(stubborn ? "trap '' TERM; " : "") + "echo $$ >" +
                                     pids + "; sleep 1000; sleep 1000");
        stage.exabgp.bounce();
        CHECK(eventually([&] { return lines_of(pids).size() == 1; }));
        CHECK(eventually([&] { return stage.service.status()["state"] == "up"; }));
        watching.process->signal(number);
        const auto told = [&](std::string_view text) {
            return watching.process->stderr_text().find(text) != std::string::npos;
        };
        CHECK(eventually([&] { return told("terminating the running command of --exec too"); }));
        if (stubborn) watching.process->signal(number);
        CHECK(watching.process->wait_exit() == 128 + number);
        CHECK_FALSE(lives(std::stoi(lines_of(pids).at(0))));
        CHECK(eventually([&] { return stage.service.status()["subscribers"] == 0; }));
    }
}

TEST_CASE("watch --exec outlasts exapulsed, and its command learns of a restart meanwhile") {
    Stage stage;
    Watching watching(stage, "echo $EXAPULSE_TYPE $EXAPULSE_UUID",
                      {"--type", "restarted", "--count", "2"});
    const auto told = [&](std::string_view text) {
        return watching.process->stderr_text().find(text) != std::string::npos;
    };
    stage.service.process().signal(SIGTERM);
    REQUIRE(stage.service.process().wait_exit());
    CHECK(eventually([&] { return told("exapulsed closed the connection; attaching again"); }));
    stage.exabgp.start();
    std::vector<std::string> expected{"restarted " + stage.exabgp.uuid()};
    stage.service.start();
    CHECK(eventually([&] { return watching.ran() == expected; }));

    // Not reported a second time; another one is, and ends the watch.
    stage.service.restart(SIGKILL);
    REQUIRE(eventually([&] { return stage.service.status()["subscribers"] == 1; }));
    stage.service.await("up");
    stage.exabgp.start();
    expected.push_back("restarted " + stage.exabgp.uuid());
    CHECK(watching.process->wait_exit() == 0);
    CHECK(watching.ran() == expected);
}
