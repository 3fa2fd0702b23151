// SPDX-License-Identifier: BSD-3-Clause
// The shell on a real terminal.
#include <algorithm>
#include <csignal>
#include <filesystem>
#include <map>
#include <sys/stat.h>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/integration/stage.hpp"
#include "tests/support/harness/has.hpp"
#include "tests/support/harness/terminal.hpp"

using namespace exapulse::test;
using namespace std::chrono_literals;

namespace {

using Environment = std::map<std::string, std::string>;

constexpr const char* prompt = "exabgp>";
constexpr const char* fast_ticks = "100ms";

/// As on a usual terminal, but for what `changes` names; "-" takes a variable away.
Environment environment_of(const Stage& stage, const Environment& changes) {
    Environment environment{{"TERM", "screen"},
                            {"LANG", "C.UTF-8"},
                            {"LESS", ""},
                            {"EXAPULSE_HISTFILE", stage.dir / "history"}};
    for (const auto& [name, value] : changes) {
        environment[name] = value;
        if (value == "-") environment.erase(name);
    }
    return environment;
}

/// `exapulse` on a terminal, once it has its prompt.
struct Shell : Terminal {
    struct Options {
        std::vector<std::string> flags{};
        Environment environment{};
        int columns = 100;
        bool recorded = false;
    };

    explicit Shell(const Stage& stage) : Shell(stage, Options{}) {}
    Shell(const Stage& stage, const Options& options)
        : Terminal(argv(stage, options.flags),
                   {.columns = options.columns,
                    .rows = 24,
                    .environment = environment_of(stage, options.environment),
                    .recorded = options.recorded}) {
        REQUIRE_MESSAGE(at_prompt().held, text());
    }

    static std::vector<std::string> argv(const Stage& stage,
                                         const std::vector<std::string>& flags) {
        std::vector<std::string> words{require_environment("EXAPULSE"), "--socket",
                                       stage.service.socket()};
        words.insert(words.end(), flags.begin(), flags.end());
        return words;
    }

    /// Whether the last row is an empty prompt.
    [[nodiscard]] Outcome at_prompt() const {
        return eventually([this] {
            const std::string rows = screen();
            const auto last = rows.substr(rows.rfind('\n') + 1);
            return last.starts_with("exabgp") && last.ends_with(">");
        });
    }

    /// Types a line and waits until it is carried out.
    void enter(const std::string& line) {
        type(line);
        CHECK_MESSAGE(ends_with(line).held, text());
        press("Enter");
        CHECK_MESSAGE(at_prompt().held, text());
    }
};

#define CHECK_SHOWS(shell, wanted) CHECK_MESSAGE((shell).shows(wanted).held, (shell).text())
#define CHECK_ENDS(shell, last) CHECK_MESSAGE((shell).ends_with(last).held, (shell).screen())

std::size_t count(const std::string& text, std::string_view part) {
    std::size_t times = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++times;
    return times;
}

mode_t mode_of(const std::string& path) {
    struct stat status {};
    REQUIRE(stat(path.c_str(), &status) == 0);
    return status.st_mode & 07777U;
}

}  // namespace

TEST_CASE("a shell sends what is typed, shows tables, and ends with Ctrl-D") {
    Stage stage;
    Shell shell(stage);
    CHECK_SHOWS(shell, "Up since ");
    CHECK_SHOWS(shell, "(UUID " + stage.exabgp.uuid());
    shell.enter("test echo hello");
    CHECK_ENDS(shell, "exabgp> test echo hello\necho  hello\nexabgp>");
    shell.enter("peer list");
    CHECK_SHOWS(shell, "peer-address  peer-as  state\n127.0.0.1       65001  IDLE");
    shell.enter("announce route 10.9.0.0/24 next-hop 192.0.2.1");
    CHECK_SHOWS(shell, "spelled \"peer * announce route 10.9.0.0/24 next-hop 192.0.2.1\"");
    CHECK(stage.exabgp.routes() == std::vector<std::string>{"10.9.0.0/24"});
    shell.enter("test error broken");
    CHECK_SHOWS(shell, "exapulse: ExaBGP said error: broken");
    shell.enter("api version 4");
    CHECK_SHOWS(shell, "exapulse: denied: ");
    shell.press("C-d");
    CHECK_MESSAGE(shell.wait_exit() == 0, shell.text());
}

TEST_CASE("the shell's own words") {
    Stage stage;
    Shell shell(stage);
    shell.enter("help");
    CHECK_SHOWS(shell, "Ctrl-C clears the line");
    shell.enter("status");
    CHECK_SHOWS(shell, "Last pong");
    shell.enter("peers");
    CHECK_SHOWS(shell, "127.0.0.1  65001");
    shell.enter("set display json");
    shell.enter("test echo raw");
    CHECK_SHOWS(shell, R"({"echo": "raw"})");
    shell.enter("set display text");
    shell.enter("test echo table");
    CHECK_SHOWS(shell, "echo  table");
    shell.enter("watch");
    CHECK_SHOWS(shell, "events are shown above");
    shell.enter("peers foo");
    CHECK_SHOWS(shell, "exapulse: peers takes no arguments here");
    shell.enter("clear");
    CHECK(shell.screen() == prompt);
    shell.type("quit\n");
    CHECK(shell.wait_exit() == 0);
    CHECK(stage.exabgp.count_of("watch") == 0);
}

TEST_CASE("TAB completes from ExaBGP's help, with the peers that there are") {
    Stage stage;
    Shell shell(stage);
    shell.type("pe");
    shell.press("Tab");
    CHECK_ENDS(shell, "exabgp> peer");
    shell.press("Tab");  // there is peers too
    CHECK_ENDS(shell, "exabgp> peer\npeer   peers\nexabgp> peer");
    shell.type(" ");
    shell.press("Tab");
    CHECK_SHOWS(shell, "127.0.0.1");
    CHECK_SHOWS(shell, "create");
    shell.type("1");
    shell.press("Tab");
    CHECK_ENDS(shell, "exabgp> peer 127.0.0.1");
    shell.type("ann");
    shell.press("Tab");
    CHECK_ENDS(shell, "exabgp> peer 127.0.0.1 announce");
    shell.press("Tab");
    CHECK_SHOWS(shell, "route-refresh");
    CHECK_ENDS(shell, "exabgp> peer 127.0.0.1 announce");
    shell.type("fl");
    shell.press("Tab");
    CHECK_ENDS(shell, "exabgp> peer 127.0.0.1 announce flow");
    shell.press("C-c");
    CHECK_SHOWS(shell, "announce flow ^C");
    shell.type("set dis");
    shell.press("Tab");
    CHECK_ENDS(shell, "exabgp> set display");
    shell.type("j");
    shell.press("Tab");
    CHECK_ENDS(shell, "exabgp> set display json");
    CHECK(stage.exabgp.count_of("system help") == 1);
}

TEST_CASE("TAB does not hang while ExaBGP does not answer, and learns when it is back") {
    Stage stage("", fast_ticks);
    Shell shell(stage, {.flags = {"--stay"}});
    stage.exabgp.stop();
    CHECK_SHOWS(shell, "(down)");
    shell.type("sta");
    shell.press("Tab");
    CHECK_ENDS(shell, "> status");
    shell.press("C-u");
    stage.exabgp.start();
    CHECK_ENDS(shell, prompt);
    shell.type("rib sh");
    shell.press("Tab");
    CHECK_ENDS(shell, "exabgp> rib show");
}

TEST_CASE("history is kept from one shell to the next, for its owner only") {
    Stage stage;
    const std::string history = stage.dir / "history";
    {
        Shell shell(stage);
        for (const char* line :
             {"test echo one", "test echo two", "test echo two", " test echo secret"})
            shell.enter(line);
        Shell other(stage);
        other.enter("test echo other");
        shell.enter("test echo three");
        shell.press("C-d");
        CHECK(shell.wait_exit() == 0);
    }
    CHECK(mode_of(history) == 0600);
    CHECK(read_file(history) == "test echo one\ntest echo two\ntest echo other\ntest echo three\n");
    REQUIRE(chmod(history.c_str(), 0644) == 0);
    Shell shell(stage);
    CHECK(mode_of(history) == 0600);
    shell.press("Up");
    CHECK_ENDS(shell, "exabgp> test echo three");
    shell.press("Up");
    shell.press("Up");
    CHECK_ENDS(shell, "exabgp> test echo two");
    shell.press("C-c");
    shell.press("C-r");
    shell.type("one");
    shell.press("Enter");
    CHECK_ENDS(shell, "echo  one\nexabgp>");
}

TEST_CASE("a history that can't be kept is one line of warning") {
    Stage stage;
    Shell shell(stage, {.environment = {{"EXAPULSE_HISTFILE", stage.dir.path()}}});
    CHECK_SHOWS(shell, "exapulse: not keeping a history, " + stage.dir.path());
    shell.enter("test echo one");
    shell.press("Up");
    CHECK_ENDS(shell, "exabgp> test echo one");
}

TEST_CASE("an event shows itself above the line that is being typed") {
    Stage stage("", fast_ticks);
    const std::string old = stage.exabgp.uuid();
    for (const int columns : {100, 40}) {
        CAPTURE(columns);
        Shell shell(stage, {.columns = columns});
        const std::string half = "test echo 0123456789-0123456789-0123456789-0123456789-0";
        shell.type(half);
        shell.press("Left");
        shell.press("Left");
        CHECK_SHOWS(shell, "exabgp> " + half);
        stage.exabgp.restart();
        CHECK_SHOWS(shell, "New UUID       " + stage.exabgp.uuid());
        CHECK(eventually([&] {
            const std::string text = shell.text();
            return has(text, "announce them again") &&
                   text.find("exabgp> " + half) > text.find("New UUID");
        }));
        CHECK(count(shell.text(), "exabgp>") == 1);
        shell.type("xy");  // in front of the last two signs
        shell.press("Enter");
        CHECK_SHOWS(shell, "echo  0123456789-0123456789-0123456789-0123456789xy-0");
        CHECK(shell.at_prompt());
    }
    CHECK(stage.exabgp.uuid() != old);
}

TEST_CASE("a line that is being typed survives every width") {
    Stage stage;
    Shell shell(stage);
    const std::string half = "test echo 0123456789-0123456789-0123456789-0123456789-0123456789-0";
    // Fills the screen. Of a line in the first row, what folds becomes part of the terminal's
    // history when it gets narrower, where no program reaches it.
    shell.enter("help");
    shell.type(half);
    CHECK_SHOWS(shell, "exabgp> " + half);
    const auto prompts = count(shell.text(), "exabgp>");
    for (const int columns : {60, 37, 24, 120, 75, 76, 77, 30}) {
        CAPTURE(columns);
        shell.resize(columns, 24);
        CHECK_SHOWS(shell, "exabgp> " + half);
        shell.type("x");
        CHECK_SHOWS(shell, half + "x");
        shell.press("BSpace");
        CHECK(eventually([&] { return !has(shell.text(), half + "x"); }));
        CHECK_MESSAGE(count(shell.text(), "exabgp>") == prompts, shell.text());
    }
    CHECK_SHOWS(shell, "Up since ");
    shell.press("C-l");
    CHECK(eventually([&] { return shell.screen().starts_with("exabgp> "); }));
    const auto with_cleared = count(shell.text(), "exabgp>");
    for (const int columns : {50, 110, 100}) {
        CAPTURE(columns);
        shell.resize(columns, 24);
        shell.type("x");
        CHECK_SHOWS(shell, half + "x");
        shell.press("BSpace");
        CHECK(eventually([&] { return shell.screen().ends_with("-0"); }));
        CHECK_MESSAGE(count(shell.text(), "exabgp>") == with_cleared, shell.text());
    }
    shell.press("Enter");
    CHECK_SHOWS(shell, "echo  0123456789-0123456789-0123456789-0123456789-0123456789-0");
}

TEST_CASE("long answers go through a pager, and what happens meanwhile waits") {
    Stage stage("", fast_ticks);
    Shell shell(
        stage,
        {.environment = {{"EXAPULSE_PAGER", "cat; echo in the pager; read line < /dev/tty; #"}}});
    shell.type("system help\n");
    CHECK_SHOWS(shell, "in the pager");
    stage.exabgp.restart();
    stage.service.await("up");
    CHECK_FALSE(has(shell.text(), "WARNING"));
    shell.press("Enter");
    CHECK_SHOWS(shell, "WARNING: ExaBGP restarted");
    CHECK(shell.at_prompt());
    shell.enter("test echo short");
    CHECK(count(shell.text(), "in the pager") == 1);
    shell.enter("set pager off");
    shell.enter("system help");
    CHECK(count(shell.text(), "in the pager") == 1);
    CHECK_SHOWS(shell, "system version");
}

TEST_CASE("a pager that quits early, is interrupted, or is not there") {
    Stage stage;
    {
        Shell shell(stage, {.environment = {{"EXAPULSE_PAGER", "head -n 3"}}});
        shell.enter("system help");
        CHECK_FALSE(has(shell.text(), "system version"));
        shell.enter("test echo alive");
        CHECK_SHOWS(shell, "echo  alive");
    }
    {
        Shell shell(stage,
                    {.environment = {{"PAGER", "cat >/dev/null; echo sleeps; sleep 60; #"}}});
        shell.type("system help\n");
        CHECK_SHOWS(shell, "sleeps");
        shell.press("C-c");
        CHECK(shell.at_prompt());
        shell.enter("test echo alive");
        CHECK_SHOWS(shell, "echo  alive");
    }
    Shell shell(stage, {.environment = {{"PAGER", "/no/such/pager"}}});
    shell.enter("system help");
    CHECK_SHOWS(shell, "exapulse: the pager does not start: /no/such/pager");
    CHECK_SHOWS(shell, "system version");
}

TEST_CASE("colours on a terminal, but not with NO_COLOR") {
    Stage stage;
    {
        Shell shell(stage);
        CHECK(has(shell.coloured(), "\033[1mexabgp"));
        CHECK(has(shell.coloured(), "\033[32m"));
    }
    Shell plain(stage, {.environment = {{"NO_COLOR", "1"}}});
    plain.enter("test error x");
    plain.enter("peer list");
    CHECK_FALSE(has(plain.coloured(), "\033["));
}

TEST_CASE("a terminal that can do nothing gets no escape sequence at all") {
    Stage stage("", fast_ticks);
    for (const char* term : {"dumb", "-"}) {
        CAPTURE(std::string(term));
        Shell shell(stage,
                    {.flags = {"--stay"}, .environment = {{"TERM", term}}, .recorded = true});
        shell.type("test echo ha");
        CHECK_ENDS(shell, "exabgp> test echo ha");
        stage.exabgp.restart();
        CHECK_SHOWS(shell, "WARNING: ExaBGP restarted");
        // What was typed waits for the rest; no fresh prompt says that there was nothing.
        CHECK(eventually([&] { return shell.screen().ends_with("─╯"); }));
        shell.enter("lf");
        CHECK_SHOWS(shell, "echo  half");
        shell.enter("system help");
        shell.type("test slow 1300 T\n");
        CHECK_SHOWS(shell, "waiting for the answer");
        CHECK_SHOWS(shell, "echo  T");
        CHECK_SHOWS(shell, "Recovered after");
        shell.type("test echo away");
        shell.press("C-c");
        CHECK(shell.at_prompt());
        shell.press("C-d");
        CHECK(shell.wait_exit() == 0);
        const std::string written = shell.written();
        CHECK(has(written, "announce them again"));
        const auto header_end = written.find('\n') + 1;  // script(1)'s own line
        CHECK(written.find('\033', header_end) == std::string::npos);
        CHECK(read_file(stage.dir / "history").ends_with("test slow 1300 T\n"));
    }
}

TEST_CASE("Ctrl-C clears the line; while a command waits it ends the waiting") {
    Stage stage;
    Shell shell(stage);
    shell.type("test echo never");
    CHECK_ENDS(shell, "exabgp> test echo never");  // the terminal drops what is unread at a Ctrl-C
    shell.press("C-c");
    CHECK_ENDS(shell, "exabgp> test echo never^C\nexabgp>");
    shell.type("test slow 1500 T\n");
    CHECK_SHOWS(shell, "waiting for the answer... Ctrl-C stops waiting");
    shell.press("C-c");
    CHECK_SHOWS(shell,
                "exapulse: cancelled: the command was handed to exapulsed, its outcome is unknown");
    CHECK_FALSE(has(shell.text(), "waiting for"));
    shell.enter("test echo next");
    CHECK_SHOWS(shell, "echo  next");
    CHECK(count(shell.text(), "echo  next") == 1);
    CHECK(stage.exabgp.count_of("test echo never") == 0);
    shell.type("test slow 1500 U\n");
    CHECK_SHOWS(shell, "waiting for the answer");
    CHECK(eventually([&] { return !has(shell.text(), "waiting for the answer"); }));
    CHECK(shell.at_prompt());
}

TEST_CASE("events are shown above while a command waits") {
    Stage stage("", fast_ticks);
    Shell shell(stage, {.flags = {"--stay"}});
    shell.type("test slow 2000 T\n");
    CHECK_SHOWS(shell, "Degraded: 1 of 3 pings missed");
    CHECK_SHOWS(shell, "waiting for the answer");
    CHECK(eventually([&] { return !has(shell.text(), "waiting for the answer"); }));
    CHECK_ENDS(shell, prompt);
}

TEST_CASE("keys typed ahead are not lost, and not shown twice") {
    Stage stage;
    Shell shell(stage);
    shell.type("test slow 700 T\n");
    CHECK(eventually([&] { return stage.exabgp.count_of("test slow 700 T") == 1; }));
    shell.type("test echo ahead\ntest ec");
    CHECK_SHOWS(shell, "echo  ahead");
    CHECK_ENDS(shell, "exabgp> test ec");
    CHECK(count(shell.text(), "test echo ahead") == 1);
    CHECK(count(shell.text(), "test ec\n") == 1);
}

TEST_CASE("exapulsed goes and comes back: the shell stays and says so") {
    Stage stage("", fast_ticks);
    Shell shell(stage);
    shell.type("test ec");
    CHECK_ENDS(shell, "exabgp> test ec");
    stage.service.process().signal(SIGTERM);
    REQUIRE(stage.service.process().wait_exit());
    CHECK_SHOWS(shell, "exapulsed has stopped");
    CHECK_ENDS(shell, "exabgp (exapulsed is unreachable)> test ec");
    shell.type("ho lost\n");
    CHECK_SHOWS(shell, "exapulse: not-sent: ");
    CHECK(shell.at_prompt());
    stage.exabgp.restart();
    stage.service.start();
    CHECK_SHOWS(shell, "Attached to exapulsed again after");
    CHECK_SHOWS(shell, "WARNING: ExaBGP restarted");
    CHECK_ENDS(shell, prompt);
    shell.enter("test echo back");
    CHECK_SHOWS(shell, "echo  back");
    CHECK(stage.exabgp.count_of("test echo lost") == 0);

    stage.service.process().signal(SIGKILL);
    REQUIRE(stage.service.process().wait_exit());
    CHECK_SHOWS(shell, "exapulsed closed the connection");
    stage.service.start();
    CHECK_SHOWS(shell, "ExaBGP is the same process");
    CHECK_SHOWS(shell, "0 of 1 peer established");
    CHECK_ENDS(shell, prompt);
}

TEST_CASE("a command that waits when exapulsed goes gets its verdict") {
    Stage stage;
    Shell shell(stage);
    shell.type("test slow 5000 T\n");
    CHECK(eventually([&] { return stage.exabgp.count_of("test slow 5000 T") == 1; }));
    stage.service.process().signal(SIGKILL);
    REQUIRE(stage.service.process().wait_exit());
    CHECK_SHOWS(shell, "exapulse: outcome-unknown: exapulsed closed the connection");
    CHECK_ENDS(shell, "exabgp (exapulsed is unreachable)>");
    stage.service.start();
    CHECK_SHOWS(shell, "Attached to exapulsed again");
}

TEST_CASE("when ExaBGP has failed the shell ends with 4, unless it is to stay") {
    Stage stage("", fast_ticks);
    Shell shell(stage);
    Shell stays(stage, {.flags = {"--stay"}});
    shell.type("test echo half typed");
    CHECK_ENDS(shell, "half typed");
    stage.exabgp.silence(true);
    CHECK(shell.wait_exit() == 4);
    CHECK_SHOWS(shell, "Failed (hung)");
    CHECK_SHOWS(shell, "exapulse: ExaBGP has failed");
    CHECK(read_file(stage.dir / "history").ends_with("test echo half typed\n"));
    CHECK_SHOWS(stays, "Failed (hung)");
    CHECK_ENDS(stays, "exabgp (down)>");
    stage.exabgp.silence(false);
    CHECK_SHOWS(stays, "Recovered");
    CHECK_ENDS(stays, prompt);
    stays.enter("test echo again");
    CHECK_SHOWS(stays, "echo  again");
}

TEST_CASE("lines that can't be sent are refused in one line, and come back for editing") {
    Stage stage;
    Shell shell(stage);
    shell.enter("test echo \"open");
    CHECK_SHOWS(shell, "exapulse: the quote (\") at position 11 is not closed");
    shell.press("Up");
    CHECK_ENDS(shell, "exabgp> test echo \"open");
    shell.type("\"\n");
    CHECK_SHOWS(shell, "echo  \"open\"");
    shell.type("test echo ");
    shell.press("C-v");
    shell.press("C-a");
    shell.enter("x");
    CHECK_SHOWS(shell, "exapulse: a control character (^A) at position 11");
    shell.enter("test echo caf\xc3\xa9");
    CHECK_SHOWS(shell, "exapulse: byte 0xc3 at position 14: ExaBGP takes ASCII only");
    CHECK(stage.exabgp.killed() == 0);
}

TEST_CASE("nothing that is typed or pasted is dropped, whatever the locale says") {
    Stage stage;
    const Environment locales[] = {{{"LC_ALL", "C"}, {"LANG", "C"}},
                                   {{"LC_ALL", "-"}, {"LC_CTYPE", "-"}, {"LANG", "-"}},
                                   {{"LC_ALL", "C.UTF-8"}}};
    for (const Environment& locale : locales) {
        Shell shell(stage, {.environment = locale});
        // A letter, a blank that does not break, one of no width, a control sign, and no UTF-8.
        for (const char* sign : {"\u00e9", "\u00a0", "\u200b", "\u0085", "\xff"}) {
            CAPTURE(std::string(sign));
            const std::string line = std::string("test echo 10.0.0.0/2") + sign + "4";
            shell.type(line + "\n");
            CHECK_SHOWS(shell, "at position 21: ExaBGP takes ASCII only");
            shell.enter("clear");
        }
    }
    CHECK(stage.exabgp.count_of("test echo 10.0.0.0/24") == 0);
}

TEST_CASE("a line that is too long is refused, one that is long goes through") {
    Stage stage;
    Shell shell(stage);
    shell.paste(std::string(2U << 20, 'x') + "\n");
    CHECK_SHOWS(shell, "exapulse: too-long: the line is longer than 1MiB");
    CHECK(shell.at_prompt());
    shell.enter("test echo after");
    CHECK_SHOWS(shell, "echo  after");
    const std::string prefixes(3'000, '1');
    shell.paste("test error " + prefixes + "\n");
    CHECK_SHOWS(shell, "ExaBGP said error");
    CHECK(stage.exabgp.count_of("test error " + prefixes) == 1);
}

TEST_CASE("what is pasted in brackets does not act as keys") {
    Stage stage;
    Shell shell(stage);
    shell.paste_in_brackets("peer\tlist\n");
    CHECK_SHOWS(shell, "peer-address  peer-as  state");
    CHECK(stage.exabgp.count_of("peer list") == 1);
    shell.paste_in_brackets("test echo a\033[31mb\x01");
    CHECK_ENDS(shell, "exabgp> test echo a^[[31mb^A");
    shell.press("Enter");
    CHECK_SHOWS(shell, "exapulse: a control character (^[) at position 12");
    shell.paste_in_brackets("test echo caf\xc3\xa9 \xe2\x82\xac");
    CHECK_ENDS(shell, "exabgp> test echo caf\xc3\xa9 \xe2\x82\xac");
    shell.press("C-c");
    shell.paste_in_brackets("test echo one\ntest echo two\ntest echo thr");
    CHECK_SHOWS(shell, "echo  one");
    CHECK_SHOWS(shell, "echo  two");
    CHECK_ENDS(shell, "exabgp> test echo thr");
    shell.type("ee\n");
    CHECK_ENDS(shell, "echo  three\nexabgp>");
    shell.paste_in_brackets(std::string(2U << 20, 'x'));
    shell.press("Enter");
    CHECK_SHOWS(shell, "exapulse: too-long: the line is longer than 1MiB");
    CHECK(shell.at_prompt());
    shell.type("test echo a");
    shell.paste_in_brackets("fter");
    shell.press("Enter");
    CHECK_ENDS(shell, "echo  after\nexabgp>");
}

TEST_CASE("several lines pasted at once are carried out one after another") {
    Stage stage;
    Shell shell(stage);
    std::string lines;
    for (int i = 0; i < 40; ++i)
        lines += fmt::format("announce route 10.9.{}.0/24 next-hop 192.0.2.1\n", i);
    shell.paste(lines);
    CHECK(eventually([&] { return stage.exabgp.route_count() == 40; }));
    CHECK(shell.at_prompt());
}

TEST_CASE("Ctrl-Z stops the shell, and fg brings the line back") {
    Stage stage;
    Environment environment = environment_of(stage, {});
    environment["PS1"] = "bash: ";
    Terminal login({"bash", "--norc"}, {.environment = environment});
    CHECK_SHOWS(login, "bash:");
    login.type(
        fmt::format("{} --socket {}\n", require_environment("EXAPULSE"), stage.service.socket()));
    CHECK_ENDS(login, prompt);
    login.type("test echo");
    CHECK_ENDS(login, "exabgp> test echo");
    login.press("C-z");
    CHECK_SHOWS(login, "Stopped");
    CHECK_ENDS(login, "bash:");
    login.type("fg\n");
    CHECK_ENDS(login, "exabgp> test echo");
    login.type(" hello\n");
    CHECK_ENDS(login, "echo  hello\nexabgp>");
    login.press("C-d");
    CHECK_ENDS(login, "bash:");
    login.type("stty -a | grep -o ' icanon .*echo '\n");
    CHECK_SHOWS(login, "\n icanon");
}

TEST_CASE("more candidates than the screen has room for are counted") {
    Stage stage;
    Shell shell(stage, {.columns = 30});
    shell.resize(30, 8);
    shell.type("peer * announce ");
    shell.press("Tab");
    CHECK_SHOWS(shell, " more\n");
    CHECK_ENDS(shell, "exabgp> peer * announce");
}

TEST_CASE("the end of the terminal and SIGTERM end the shell") {
    Stage stage;
    Shell shell(stage);
    kill(shell.pid(), SIGTERM);
    CHECK(shell.wait_exit() == 0);
}

TEST_CASE("no exapulsed is 8, one that is full is 6") {
    Stage stage("[limits]\nclients = 2\nadmin_clients = 0\n");
    Terminal nobody({require_environment("EXAPULSE"), "--socket", stage.dir / "nobody.sock"},
                    {.environment = environment_of(stage, {})});
    CHECK(nobody.wait_exit() == 8);
    CHECK_SHOWS(nobody, "nobody.sock");
    const Shell shell(stage);
    const TestClient other = stage.service.client();
    Terminal full(Shell::argv(stage, {}), {.environment = environment_of(stage, {})});
    CHECK(full.wait_exit() == 6);
    CHECK_SHOWS(full, "exapulse: busy: ");
}
