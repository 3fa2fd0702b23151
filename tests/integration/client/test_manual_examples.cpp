// SPDX-License-Identifier: BSD-3-Clause
// The examples of exapulse(1) and of every --help, run as they stand.
#include <array>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/integration/stage.hpp"
#include "tests/support/harness/eventually.hpp"
#include "tests/support/harness/has.hpp"
#include "tests/support/harness/project_file.hpp"

using namespace exapulse::test;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

struct Example {
    std::string command;  // for a shell, perhaps of several lines
    std::string output;   // what is shown behind it; empty: nothing is
};

std::vector<std::string> lines_in(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) lines.push_back(line);
    return lines;
}

/// In the blocks of the page "$ " starts a command, which an indented line continues; any other
/// line is output.
std::vector<Example> examples_of_page() {
    std::vector<Example> examples;
    bool inside = false;
    for (const std::string& line : lines_in(read_file(project_file("packaging/man/exapulse.1")))) {
        if (line.starts_with(".Bd") || line.starts_with(".Ed")) {
            inside = line.starts_with(".Bd");
        } else if (inside && line.starts_with("$ ")) {
            examples.push_back({line.substr(2), ""});
        } else if (inside) {
            REQUIRE(!examples.empty());
            Example& last = examples.back();
            (line.starts_with("  ") ? last.command : last.output) += "\n" + line;
        }
    }
    return examples;
}

/// The lines of a --help behind `title`, up to an empty one, without their indentation.
std::vector<std::string> section_of_help(const std::string& help, std::string_view title) {
    std::vector<std::string> section;
    bool inside = false;
    for (const std::string& line : lines_in(help)) {
        if (line.empty()) inside = false;
        if (inside) section.push_back(line.substr(line.find_first_not_of(' ')));
        if (line.starts_with(title)) inside = true;
    }
    return section;
}

/// Those of `exapulse --help` and of each subcommand that it lists.
std::vector<Example> examples_of_helps() {
    const std::string exapulse = require_environment("EXAPULSE");
    const std::string help = output_of({exapulse, "--help"});
    std::vector<std::string> helps{help};
    for (const std::string& line : section_of_help(help, "Subcommands"))
        helps.push_back(output_of({exapulse, line.substr(0, line.find(' ')), "--help"}));
    CHECK(helps.size() >= 12);
    std::vector<Example> examples;
    for (const std::string& text : helps) {
        const auto section = section_of_help(text, "Examples:");
        CHECK_MESSAGE(!section.empty(), "no examples: " << text);
        for (const std::string& line : section) examples.push_back({line, ""});
    }
    return examples;
}

/// An exapulsed on a simulator, and a folder with the files and programs that examples name.
class Scene {
  public:
    Scene() {
        REQUIRE(somebody_.command(fmt::format("peer * {}", route)).terminator == "done");
        write_program("exapulse", fmt::format("exec {} \"$@\"", require_environment("EXAPULSE")));
        for (const char* program : {"announce-everything", "log-event", "page-somebody", "healthy"})
            write_program(program, "echo $0");
        write_program("generate-routes", fmt::format("echo '{}'", route));
        folder_.write("routes.txt", fmt::format("# of today\n{}\n", route));
        const char* path = std::getenv("PATH");
        options_.working_directory = folder_.path();
        options_.own_group = true;
        options_.environment = {
            {"PATH", folder_.path() + ":" + (path == nullptr ? "/usr/bin:/bin" : path)},
            {"EXAPULSE_SOCKET", stage_.service.socket()}};
    }

    void run(const Example& example) {
        CAPTURE(example.command);
        const std::string command = adapted(example.command);
        const bool endless = (has(command, "exapulse watch") && !has(command, "--count")) ||
                             has(command, "exapulse hold");
        const bool of_restart = has(command, "restart") || has(command, "--cursor");
        if (has(command, "history")) {  // of something
            Subscription events = stage_.service.subscribe("restarted");
            static_cast<void>(events.next("state"));
            stage_.exabgp.restart();
            CHECK(events.next("restarted")["type"] == "restarted");
        }
        if (has(command, "uptime") && has(command, "--peer")) {  // of somebody
            Subscription peers = stage_.service.subscribe("peers");
            CHECK(peers.next("peers")["peers"].is_array());
            REQUIRE(eventually([&] {
                return stage_.service.run({"uptime", "--peer", "all"}).status == 0;
            }));
        }
        if (has(command, "--peers")) stage_.exabgp.set_peer_state("ESTABLISHED");
        ChildProcess shell({"bash", "-e", "-o", "pipefail", "-c", command}, options_);
        shell.close_stdin();
        const auto deadline = std::chrono::steady_clock::now() + patience;
        std::optional<int> status;
        while (!status && std::chrono::steady_clock::now() < deadline) {
            if (endless && went_round(command, shell)) break;
            if (of_restart) stage_.exabgp.restart();
            status = shell.wait_exit(300ms);
        }
        if (!status && endless && went_round(command, shell)) {
            shell.signal_group(SIGTERM);
            REQUIRE(shell.wait_exit());
            status = 0;
        }
        REQUIRE_MESSAGE(status, "it does not end, or does nothing: " << shell.stderr_text());
        CHECK_MESSAGE(*status == 0, shell.stdout_text() << shell.stderr_text());
        check_output(command, example, shell);
    }

  private:
    /// Whether an example without an end has done what it does again and again.
    [[nodiscard]] bool went_round(const std::string& command, const ChildProcess& shell) const {
        if (has(command, "run --batch"))  // once by somebody, then at the start and a restart
            return stage_.exabgp.count_of(fmt::format("peer * {}", route)) >= 3;
        return has(shell.stdout_text(),
                   has(command, "--exec ./announce") ? "./announce-everything\n" : "\n");
    }

    static constexpr std::string_view route = "announce route 10.0.0.0/24 next-hop 192.0.2.1";

    void write_program(const std::string& name, const std::string& script) {
        fs::permissions(folder_.write(name, "#!/bin/sh\n" + script + "\n"), fs::perms::owner_all);
    }

    /// A page names peers and clients that the simulator and exapulsed call otherwise.
    std::string adapted(std::string command) {
        const auto replace = [&](std::string_view from, const std::string& to) {
            const auto at = command.find(from);
            if (at != std::string::npos) command.replace(at, from.size(), to);
        };
        replace("192.0.2.1 established", "127.0.0.1 idle");
        replace("uptime --since 30d --peer 192.0.2.1", "uptime --since 30d --peer 127.0.0.1");
        if (has(command, "kill"))
            replace("17",
                    Json::parse(somebody_.command("sidecar clients").lines[0])[0]["id"].dump());
        return command;
    }

    void check_output(const std::string& command, const Example& example,
                      const ChildProcess& shell) const {
        const std::string out = shell.stdout_text() + shell.stderr_text();
        if (!example.output.empty()) {
            CHECK_MESSAGE("\n" + out == example.output + "\n", out);
            return;
        }
        const auto file = command.rfind(" > ");
        if (file != std::string::npos && !has(command.substr(file), "'")) {
            CHECK(fs::file_size(folder_ / command.substr(file + 3)) > 0);
            return;
        }
        // The exit code is all of the answer, or ExaBGP answers with `done` alone.
        const bool silent = has(command, " -q") || has(command, "kill") ||
                            (has(command, "select(") && !has(command, "recorder")) ||
                            (has(command, "exapulse run") && !has(command, "show") &&
                             !has(command, "exapulse watch"));
        CHECK(silent == out.empty());
    }

    TempDir folder_;
    Stage stage_;
    TestClient somebody_ = stage_.service.client();
    ChildProcess::Options options_;
};

}  // namespace

TEST_CASE("every example of exapulse(1) does what it says") {
    const auto examples = examples_of_page();
    CHECK(examples.size() >= 12);
    for (const Example& example : examples) Scene().run(example);
}

TEST_CASE("every example of a --help does what it says") {
    const auto examples = examples_of_helps();
    CHECK(examples.size() >= 30);
    for (const Example& example : examples) Scene().run(example);
}

TEST_CASE("with -q nothing is printed, and the exit code tells") {
    Stage stage;
    TestClient somebody = stage.service.client();
    const std::string id =
        Json::parse(somebody.command("sidecar clients").lines[0])[0]["id"].dump();
    const std::vector<std::vector<std::string>> lines{
        {"run", "-q", "version"}, {"-q", "run", "--json", "version"},
        {"wait", "-q", "up"},     {"status", "-q"},
        {"ready", "-q"},          {"peers", "-q"},
        {"clients", "-q"},        {"history", "-q"},
        {"uptime", "-q"},         {"kill", "-q", id},
    };
    for (const auto& line : lines) {
        CAPTURE(fmt::format("{}", fmt::join(line, " ")));
        const auto run = stage.service.run(line);
        CHECK(run.status == 0);
        CHECK(run.out.empty());
        CHECK(run.err.empty());
    }
    const auto refused = stage.service.run({"run", "-q", "sidecar", "frobnicate"});
    CHECK(refused.status == 2);
    CHECK_FALSE(refused.err.empty());
}
