// SPDX-License-Identifier: BSD-3-Clause
// Completion in real shells: keys are typed at a terminal, and the line that comes of it is run.
#include <array>
#include <filesystem>
#include <sstream>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/integration/client/shell_session.hpp"
#include "tests/integration/stage.hpp"
#include "tests/support/harness/project_file.hpp"

using namespace exapulse::test;

namespace {

namespace fs = std::filesystem;

constexpr std::array shells{"bash", "zsh", "fish"};

void check_line(ShellSession& shell, std::string_view keys, std::string_view runs) {
    shell.type(fmt::format("{}\n", keys));
    CHECK_MESSAGE(shell.shows(runs), shell.name() << ", not " << runs << ":\n" << shell.output());
}

}  // namespace

TEST_CASE("TAB completes in bash, zsh and fish") {
    Stage stage;
    const TestClient somebody = stage.service.client();
    for (const char* name : shells) {
        CAPTURE(std::string(name));
        ShellSession shell(name, stage.service.socket());
        check_line(shell, "exapulse stat\t", "ran[status]");
        check_line(shell, "exapulse watch --ty\tresta\t", "ran[watch][--type][restarted]");
        check_line(shell, "exapulse watch --type connected,resta\t",
                   "ran[watch][--type][connected,restarted]");
        check_line(shell, "exapulse watch --type=connected,resta\t --js\t",
                   "ran[watch][--type=connected,restarted][--json]");
        check_line(shell, "exapulse --qu\twait no\t10.0.0.1 pe\t10.0.0.2 esta\t",
                   "ran[--quiet][wait][no-peer][10.0.0.1][peer][10.0.0.2][established]");
        check_line(shell, "exapulse wait peer 2001:d\t idl\t",
                   "ran[wait][peer][2001:db8::1][idle]");
        shell.dir().write("routes of a day.txt", "");
        shell.dir().write("table.txt", "");
        check_line(shell, "exapulse run --ba\troutes\t", "ran[run][--batch][routes of a day.txt]");
        check_line(shell, "exapulse run --batch=tab\t", "ran[run][--batch=table.txt]");
        check_line(shell, "exapulse run sys\t ver\t", "ran[run][system][version]");
        // The one client there is, beside the one that asks.
        check_line(shell, "exapulse kill \t", "ran[kill][");
        CHECK(shell.shows("]"));
    }
}

TEST_CASE("TAB lists what fits, with a description where the shell can show one") {
    Stage stage;
    for (const char* name : shells) {
        CAPTURE(std::string(name));
        ShellSession shell(name, stage.service.socket());
        const bool words_only = std::string(name) == "bash";
        shell.type(words_only ? "exapulse wa\t\t" : "exapulse wa\t");
        CHECK_MESSAGE(shell.shows(words_only ? "wait" : "return when ExaBGP"), shell.output());
        CHECK_MESSAGE(shell.shows(words_only ? "watch" : "show events of"), shell.output());
    }
}

TEST_CASE("fish gets words and descriptions as exapulse has them") {
    const std::string script = project_file("packaging/completion/exapulse.fish");
    const TempDir dir;
    fs::create_symlink(require_environment("EXAPULSE"), dir / "exapulse");
    const std::string printed =
        output_of({"fish", "--no-config", "-c",
                   fmt::format("source {}; complete -C '{}/exapulse watc'", script, dir.path())});
    CHECK(printed == "watch\tshow events of ExaBGP and its peers as they happen\n");
}

TEST_CASE("the completions of exapulsed have all its options") {
    const std::string help = output_of({require_environment("EXAPULSED"), "--help"});
    std::istringstream lines(help);
    int options = 0;
    for (std::string line; std::getline(lines, line);) {
        const auto start = line.find("--");
        const bool option = line.starts_with("  -") && start != std::string::npos;
        if (!option) continue;
        const std::string name = line.substr(start, line.find_first_of(" =", start) - start);
        ++options;
        for (const char* script : {"exapulsed.bash", "_exapulsed", "exapulsed.fish"}) {
            const bool fish = std::string_view(script).ends_with(".fish");
            const std::string text =
                read_file(project_file("packaging/completion/" + std::string(script)));
            CHECK_MESSAGE(text.find(fish ? "--long " + name.substr(2) : name) != std::string::npos,
                          script << " lacks " << name);
        }
    }
    CHECK(options >= 12);
    for (const char* name : shells) {
        CAPTURE(std::string(name));
        ShellSession shell(name, "");
        check_line(shell, "exapulsed --log-l\twarn\t --pri\t",
                   "ran[--log-level][warning][--print-config]");
    }
}
