// SPDX-License-Identifier: BSD-3-Clause
// `exapulse run --batch`: order, failures, what is not sent, and memory that stays as it is.
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <map>
#include <optional>
#include <sstream>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "common/file_descriptor.hpp"
#include "tests/integration/stage.hpp"
#include "tests/support/harness/eventually.hpp"
#include "tests/support/harness/has.hpp"
#include "tests/support/harness/terminal.hpp"

using namespace exapulse::test;
using namespace std::chrono_literals;

namespace {

std::string write_file(const TempDir& dir, const std::string& name, const std::string& content) {
    std::ofstream file(dir / name);
    file << content << std::flush;
    REQUIRE(file.good());
    return dir / name;
}

std::vector<Json> objects(const std::string& text) {
    std::vector<Json> found;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) found.push_back(Json::parse(line));
    return found;
}

std::string announces(int count) {
    std::string text;
    for (int i = 0; i < count; ++i)
        text += "peer * announce route 10." + std::to_string(i >> 16) + "." +
                std::to_string((i >> 8) & 255) + "." + std::to_string(i & 255) +
                "/32 next-hop 192.0.2.1\n";
    return text;
}

/// The most memory that a process has had, in kB.
long peak_memory(pid_t pid) {
    std::ifstream status("/proc/" + std::to_string(pid) + "/status");
    for (std::string word; status >> word;)
        if (word == "VmHWM:") {
            long kilobytes = 0;
            status >> kilobytes;
            return kilobytes;
        }
    return -1;
}

/// The address sanitizer holds back what was freed, and this would be measured instead; for the
/// programs that are started while it lives.
class NoQuarantine {
  public:
    NoQuarantine() {
        if (const char* options = std::getenv(name)) before_ = options;
        const std::string quarantine = "quarantine_size_mb=0:thread_local_quarantine_size_kb=0";
        setenv(name, (before_.value_or("") + ":" + quarantine).c_str(), 1);
    }
    ~NoQuarantine() { before_ ? setenv(name, before_->c_str(), 1) : unsetenv(name); }
    NoQuarantine(const NoQuarantine&) = delete;
    NoQuarantine& operator=(const NoQuarantine&) = delete;

  private:
    static constexpr const char* name = "ASAN_OPTIONS";
    std::optional<std::string> before_;
};

}  // namespace

TEST_CASE("a batch from a file and from standard input: in order, comments left out") {
    Stage stage;
    const std::string batch = "# a comment\n\ntest echo a\r\ntest echo b\ntest echo c";
    const std::string file = write_file(stage.dir, "batch", batch);
    const std::vector<std::string> sent{"test echo a", "test echo b", "test echo c"};
    for (const std::vector<std::string>& words :
         {std::vector<std::string>{"run", "--batch", file}, {"run", "-b", "-"}, {"run", "-"}}) {
        stage.exabgp.clear_history();
        const auto run = stage.service.run(words, words.back() == "-" ? batch : "");
        CHECK_MESSAGE(run.status == 0, run.err);
        CHECK(run.out == "{\"echo\": \"a\"}\n{\"echo\": \"b\"}\n{\"echo\": \"c\"}\n");
        CHECK(run.err.empty());
        CHECK(stage.exabgp.received().size() == sent.size());
    }
    CHECK(stage.service.run({"run", "-q", "--batch", file}).out.empty());
}

TEST_CASE("failures are told with their lines, and the worst verdict is the exit code") {
    Stage stage;
    const std::string file =
        write_file(stage.dir, "batch",
                   "test echo a\nbogus\nbogus again\ntest echo b\nsystem api version 4\n"
                   "open \"quote\n");
    const auto run = stage.service.run({"run", "--batch", file});
    CHECK(run.status == 5);
    CHECK(run.out == "{\"echo\": \"a\"}\n{\"echo\": \"b\"}\n");
    CHECK(has(run.err, "line 2: bogus: ExaBGP said error"));
    CHECK(has(run.err, "line 5: system api version 4: denied"));
    CHECK(has(run.err, "line 6: open \"quote: the quote (\") at position 6 is not closed"));
    CHECK(has(run.err, "4 of 6 lines failed: "));
}

TEST_CASE("--stop-on-error: nothing behind the line that failed is carried out") {
    Stage stage;
    std::string batch = "test echo a\ntest echo b\nbogus\n";
    for (int i = 0; i < 200; ++i) batch += "test echo later\n";
    const auto run =
        stage.service.run({"run", "--stop-on-error", "-b", write_file(stage.dir, "b", batch)});
    CHECK(run.status == 1);
    CHECK(run.out == "{\"echo\": \"a\"}\n{\"echo\": \"b\"}\n");
    CHECK(has(run.err, "nothing from line 4 on was sent (--stop-on-error)"));
    CHECK(has(run.err, "to resume, give the same batch with --from 3\n"));
    CHECK(stage.exabgp.count_of("test echo later") == 0);

    INFO("a line that can't be sent stops it as well, but not those before it");
    const auto bad = stage.service.run({"run", "--stop-on-error", "-"},
                                       "test echo x\ntest echo y\nbad \033\ntest echo later\n");
    CHECK(bad.status == 2);
    CHECK(bad.out == "{\"echo\": \"x\"}\n{\"echo\": \"y\"}\n");
    CHECK(has(bad.err, "nothing from line 4 on was sent"));
    CHECK(stage.exabgp.count_of("test echo later") == 0);
}

TEST_CASE("--json: a line for every command, with its answer and verdict") {
    Stage stage;
    const auto run = stage.service.run(
        {"run", "--json", "-"}, "version\nbogus\nsystem api version 4\nopen '\ntest echo z\n");
    CHECK(run.status == 5);
    const auto results = objects(run.out);
    REQUIRE(results.size() == 5);
    std::map<int, Json> by_line;
    for (const Json& result : results) by_line[result["line"].get<int>()] = result;
    CHECK(by_line[1]["command"] == "version");
    CHECK(by_line[1]["sent"] == "system version");
    CHECK(by_line[1]["verdict"] == "done");
    CHECK(by_line[1]["data"][0]["version"].is_string());
    CHECK(by_line[2]["verdict"] == "error");
    CHECK(by_line[2]["exit"] == 1);
    CHECK(by_line[3]["verdict"] == "denied");
    CHECK(by_line[4]["verdict"] == "bad-input");
    CHECK(by_line[5]["data"] == Json::array({{{"echo", "z"}}}));

    const Json one = objects(stage.service.run({"run", "--json", "test", "echo", "z"}).out).at(0);
    CHECK(one["line"].is_null());
    CHECK(one["verdict"] == "done");
}

TEST_CASE("a batch that can't be read: one line, exit 2, nothing sent") {
    Stage stage;
    const std::string folder = stage.dir.path();
    const auto directory = stage.service.run({"run", "--batch", folder});
    CHECK(directory.status == 2);
    CHECK(has(directory.err, folder + " is a directory"));
    const auto missing = stage.service.run({"run", "--batch", stage.dir / "none"});
    CHECK(missing.status == 2);
    CHECK(has(missing.err, "No such file"));
    const std::string file = write_file(stage.dir, "plain", "");
    const auto no_socket = stage.service.run({"run", "--socket", file, "-b", file});
    CHECK(no_socket.status == 8);
    CHECK(has(no_socket.err, "is not a socket"));
    const auto long_line =
        stage.service.run({"run", "-"}, std::string(2U << 20, 'x') + "\ntest echo a\n");
    CHECK(long_line.status == 6);
    CHECK(has(long_line.err, "longer than 1MiB"));
    CHECK(long_line.out == "{\"echo\": \"a\"}\n");
}

TEST_CASE("an ExaBGP that goes away in a batch: every line gets its verdict") {
    Stage stage("[commands]\nhold = \"100ms\"\n");
    stage.exabgp.stop();
    CHECK(eventually([&] { return stage.service.status()["state"] != "up"; }));
    const auto run = stage.service.run({"run", "--json", "-"}, "test echo a\ntest echo b\n");
    CHECK(run.status == 4);
    const auto results = objects(run.out);
    REQUIRE(results.size() == 2);
    for (const Json& result : results) CHECK(result["verdict"] == "not-sent");
}

TEST_CASE("a batch on an absent ExaBGP ends after one window of refusals, and can be resumed") {
    Stage stage("[commands]\nhold = \"100ms\"\n");
    stage.exabgp.stop();
    CHECK(eventually([&] { return stage.service.status()["state"] != "up"; }));
    const std::string file = write_file(stage.dir, "batch", announces(1'000));
    const auto run = stage.service.run({"run", "--batch", file});
    CHECK(run.status == 4);
    CHECK(has(run.err,
              "none of the last 64 commands reached ExaBGP, so the batch ends; nothing from "
              "line 65 on was sent"));
    CHECK(has(run.err, "to resume, give the same batch with --from 1\n"));
    CHECK(has(run.err, "64 of 64 lines failed: 1-64"));

    INFO("and resumed");
    stage.exabgp.start();
    stage.service.await("up");
    const auto resumed = stage.service.run({"run", "--batch", file, "--from", "991"});
    CHECK_MESSAGE(resumed.status == 0, resumed.err);
    CHECK(stage.exabgp.route_count() == 10);
    CHECK(stage.service.run({"run", "--batch", file, "--from", "1001"}).status == 0);
    const auto beyond = stage.service.run({"run", "--batch", file, "--from", "1002"});
    CHECK(beyond.status == 2);
    CHECK(has(beyond.err, "--from 1002: the batch has only 1000 lines"));
}

TEST_CASE("a batch that a restart of exapulsed interrupts names the line to resume from") {
    Stage stage;
    const std::string exapulse = require_environment("EXAPULSE");
    ChildProcess run({exapulse, "--socket", stage.service.socket(), "run", "-"});
    run.write_stdin("test echo a\n");
    CHECK(eventually([&] { return run.stdout_text() == "{\"echo\": \"a\"}\n"; }));
    stage.service.restart(SIGTERM);
    stage.service.await("up");
    run.write_stdin("test echo b\n");
    CHECK(run.wait_exit() == 4);
    CAPTURE(run.stderr_text());
    CHECK(has(run.stderr_text(), "to resume, give the same batch with --from 2\n"));
}

TEST_CASE("an ExaBGP that restarts in a batch has forgotten its beginning: told, and exit 3") {
    Stage stage;
    const char* program = std::getenv("EXAPULSE");
    REQUIRE(program != nullptr);
    ChildProcess run({program, "--socket", stage.service.socket(), "run", "-"});
    run.write_stdin("test echo a\n");
    CHECK(eventually([&] { return run.stdout_text() == "{\"echo\": \"a\"}\n"; }));
    Subscription events = stage.service.subscribe("restarted");
    static_cast<void>(events.next("state"));
    stage.exabgp.restart();
    CHECK(events.next("restarted")["type"] == "restarted");
    run.write_stdin("test echo b\n");
    run.close_stdin();
    CHECK(run.wait_exit() == 3);
    CHECK(run.stdout_text() == "{\"echo\": \"a\"}\n{\"echo\": \"b\"}\n");
    CHECK(has(run.stderr_text(), "ExaBGP restarted while the batch ran"));

    INFO("one that was away at first has carried out every line");
    stage.exabgp.stop();
    CHECK(eventually([&] { return stage.service.status()["state"] != "up"; }));
    ChildProcess waits({program, "--socket", stage.service.socket(), "run", "-"});
    waits.write_stdin("test echo c\n");
    waits.close_stdin();
    CHECK(eventually([&] { return stage.service.status()["queue"]["waiting"] == 1; }));
    stage.exabgp.start();
    CHECK(waits.wait_exit() == 0);
    CHECK(waits.stderr_text().empty());
}

TEST_CASE("Ctrl-C in a batch tells what was sent and what was not") {
    Stage stage;
    stage.exabgp.silence(true);
    const std::string file = write_file(stage.dir, "batch", announces(500));
    const char* program = std::getenv("EXAPULSE");
    REQUIRE(program != nullptr);
    ChildProcess run({program, "--socket", stage.service.socket(), "run", "--batch", file});
    CHECK(eventually([&] { return stage.service.status()["queue"]["in_flight"] >= 1; }));
    run.signal(SIGINT);
    const auto status = run.wait_exit();
    CAPTURE(run.stderr_text());
    CHECK(status == 3);
    CHECK(has(run.stderr_text(), "line 1: "));
    CHECK(has(run.stderr_text(), "outcome is unknown"));
    CHECK(has(run.stderr_text(), "line 65 and all after it: not-sent: interrupted"));
    CHECK(has(run.stderr_text(),
              "to resume, give the same batch with --from 1; that repeats lines "
              "whose outcome is unknown"));
    stage.exabgp.silence(false);
}

TEST_CASE("Ctrl-C, SIGTERM and the end of the terminal: the exit code is the verdict, always") {
    Stage stage;
    stage.exabgp.silence(true);
    const std::string file = write_file(stage.dir, "batch", announces(3));
    const std::string exapulse = require_environment("EXAPULSE");
    for (const int number : {SIGINT, SIGTERM, SIGHUP})
        for (const std::vector<std::string>& what : {std::vector<std::string>{"--batch", file},
                                                     {"--stop-on-error", "--batch", file},
                                                     {"test", "echo", "x"}}) {
            CAPTURE(number);
            std::vector<std::string> words{exapulse, "--socket", stage.service.socket(), "run"};
            words.insert(words.end(), what.begin(), what.end());
            ChildProcess run(words);
            CHECK(eventually([&] { return stage.service.status()["queue"]["in_flight"] >= 1; }));
            run.signal(number);
            CHECK(run.wait_exit() == 3);
            CHECK(has(run.stderr_text(), "interrupted: the command was handed to exapulsed"));
            stage.service.restart(SIGKILL);
            stage.exabgp.silence(false);
            stage.service.await("up");
            stage.exabgp.silence(true);
        }
    stage.exabgp.silence(false);
}

TEST_CASE("a signal that the caller ignores stays ignored") {
    Stage stage;
    const std::string exapulse = require_environment("EXAPULSE");
    ChildProcess run({"sh", "-c",
                      fmt::format("trap '' INT HUP; exec {} --socket {} run test slow 700 T",
                                  exapulse, stage.service.socket())});
    CHECK(eventually([&] { return stage.exabgp.count_of("test slow 700 T") == 1; }));
    run.signal(SIGINT);
    run.signal(SIGHUP);
    CHECK(run.wait_exit() == 0);
}

TEST_CASE("--json: a line that is refused takes nothing of the answer before it") {
    Stage stage;
    const std::string exapulse = require_environment("EXAPULSE");
    ChildProcess run({exapulse, "--socket", stage.service.socket(), "run", "--json", "-"});
    run.write_stdin("test dribble 50 5 T\n");
    // Before, between and behind the lines of the answer.
    CHECK(eventually([&] {
        run.write_stdin("open '\n");
        return has(run.stdout_text(), "\"verdict\":\"done\"");
    }));
    run.close_stdin();
    CHECK(run.wait_exit() == 2);
    for (const Json& result : objects(run.stdout_text()))
        CHECK(result["data"].size() == (result["line"] == 1 ? 50 : 0));
}

TEST_CASE("--json tells of an exapulsed that is not reachable, too") {
    Stage stage;
    const auto run =
        stage.service.run({"run", "--json", "--socket", stage.dir / "none", "peer", "list"});
    CHECK(run.status == 8);
    CHECK(objects(run.out).at(0)["verdict"] == "unreachable");
    CHECK(objects(run.out).at(0)["exit"] == 8);
}

TEST_CASE("a command that is not sent has its object in --json") {
    Stage stage;
    struct Row {
        std::vector<std::string> command;
        std::string named;
    };
    for (const Row& row :
         {Row{{""}, "empty"}, Row{{" ", "\t"}, "empty"}, Row{{"announce \"x"}, "is not closed"},
          Row{{"a\nb"}, "one line"}, Row{{"sidecar", " subscribe"}, "exapulse watch"}}) {
        CAPTURE(row.named);
        std::vector<std::string> words{"run", "--json"};
        words.insert(words.end(), row.command.begin(), row.command.end());
        const auto run = stage.service.run(words);
        CHECK(run.status == 2);
        CHECK(objects(run.out).at(0)["verdict"] == "bad-input");
        CHECK(has(run.err, row.named));
        words.erase(words.begin() + 1);
        CHECK(stage.service.run(words).err == run.err);
    }
    INFO("the time is up with a question that goes ahead of it");
    stage.service.process().signal(SIGSTOP);
    const auto late = stage.service.run({"run", "--json", "-t", "300ms", "version"});
    stage.service.process().signal(SIGCONT);
    CHECK(late.status == 4);
    CHECK(objects(late.out).at(0)["verdict"] == "not-sent");
    CHECK(has(late.err, "exapulsed did not answer within 300ms (--timeout)"));
}

TEST_CASE("a reader that has stopped keeps no signal away, and makes no time-out") {
    Stage stage;
    const std::string fifo = stage.dir / "fifo";
    REQUIRE(mkfifo(fifo.c_str(), 0600) == 0);
    const exapulse::FileDescriptor reader(open(fifo.c_str(), O_RDWR | O_CLOEXEC));
    REQUIRE(reader.is_open());
    const std::string exapulse = fmt::format(
        "exec {} --socket {} -t 1s run ", require_environment("EXAPULSE"), stage.service.socket());
    const std::string batch = write_file(stage.dir, "batch", "test lines 6000 100 x\n");
    for (const std::string& what : {std::string("test lines 6000 100 x"), "-b " + batch}) {
        CAPTURE(what);
        ChildProcess run({"sh", "-c", exapulse + what + " >" + fifo});
        const auto waiting = [&] {
            int bytes = 0;
            REQUIRE(ioctl(reader.get(), FIONREAD, &bytes) == 0);
            return bytes;
        };
        CHECK(eventually([&] { return waiting() > 60'000; }));
        CHECK_FALSE(eventually([&] { return !run.is_running(); }, 2s));
        run.signal(SIGTERM);
        CHECK(run.wait_exit() == 3);
        CHECK(has(run.stderr_text(), "the rest of the answers was not read"));
        std::vector<char> rest(static_cast<std::size_t>(waiting()));
        CHECK(read(reader.get(), rest.data(), rest.size()) == std::ssize(rest));
    }
}

TEST_CASE("standard streams that are closed or full change no exit code") {
    Stage stage;
    const std::string exapulse =
        require_environment("EXAPULSE") + " --socket " + stage.service.socket() + " ";
    struct Row {
        std::string command;
        int status;
    };
    for (const Row& row :
         {Row{"run bogus 2>&-", 1}, Row{"run bogus 2>/dev/full", 1}, Row{"frob 2>&-", 2},
          Row{"run system api version 4 2>&-", 5}, Row{"wait down -t 100ms 2>/dev/full", 7},
          Row{"--socket /none status 2>&-", 8}, Row{"run peer list >&- 2>&-", 3},
          Row{"run peer list >/dev/full 2>/dev/full", 3}, Row{"run - <&-", 2}}) {
        CAPTURE(row.command);
        ChildProcess shell({"sh", "-c", exapulse + row.command});
        CHECK(shell.wait_exit() == row.status);
    }
}

TEST_CASE("on a terminal a line tells how far the batch is, and is gone at the end") {
    Stage stage;
    stage.exabgp.set_answer_delay(2ms);
    const std::string file = write_file(stage.dir, "batch", announces(400) + "bogus\n");
    const auto on_terminal = [&](const std::string& term) {
        return std::make_unique<Terminal>(
            std::vector<std::string>{require_environment("EXAPULSE"), "--socket",
                                     stage.service.socket(), "run", "--batch", file},
            Terminal::Options{.environment = {{"TERM", term}, {"LANG", "C.UTF-8"}},
                              .recorded = true});
    };
    const auto drawn = on_terminal("screen");
    CHECK(drawn->wait_exit() == 1);
    CHECK(has(drawn->written(), " done, 0 failed, "));
    CHECK(has(drawn->written(), " left"));
    CHECK_FALSE(has(drawn->text(), " done, 0 failed, "));
    CHECK(has(drawn->text(), "1 of 401 lines failed: 401"));
    const auto dumb = on_terminal("dumb");
    CHECK(dumb->wait_exit() == 1);
    CHECK_FALSE(has(dumb->written(), " left"));
    CHECK_FALSE(has(dumb->written(), "\033["));
}

TEST_CASE("the reader that went away, and the disk that is full") {
    Stage stage;
    const std::string file = write_file(stage.dir, "batch", announces(2'000));
    const char* program = std::getenv("EXAPULSE");
    REQUIRE(program != nullptr);
    const std::string command = std::string(program) + " --socket " + stage.service.socket() +
                                " run --json --batch " + file;
    ChildProcess piped({"/bin/bash", "-c", command + " | head -n 1; exit ${PIPESTATUS[0]}"});
    CHECK(piped.wait_exit() == 128 + SIGPIPE);
    CHECK(piped.stderr_text().empty());
    ChildProcess full({"/bin/bash", "-c", command + " > /dev/full"});
    CHECK(full.wait_exit() == 3);
    CHECK(has(full.stderr_text(), "can't write to standard output"));
}

TEST_CASE("100,000 announces keep the memory of 10,000, here and in exapulsed") {
    const NoQuarantine no_quarantine;
    Stage stage("[limits]\nroutes = 0\n");  // what is announced is remembered otherwise
    const char* program = std::getenv("EXAPULSE");
    REQUIRE(program != nullptr);
    struct Peak {
        long client, daemon;
    };
    const auto peak_after = [&](int count) {
        // With its input still open it waits for more, and can be looked at.
        ChildProcess run({program, "--socket", stage.service.socket(), "run", "-b", "-"});
        run.write_stdin(announces(count));
        const auto sent = static_cast<std::size_t>(count);
        CHECK(eventually([&] { return stage.exabgp.route_count() >= sent; }, 120s));
        const Peak peak{peak_memory(run.pid()), peak_memory(stage.service.process().pid())};
        run.signal(SIGKILL);
        static_cast<void>(run.wait_exit());
        return peak;
    };
    const Peak small = peak_after(10'000);
    const Peak large = peak_after(100'000);
    REQUIRE(small.client > 0);
    REQUIRE(small.daemon > 0);
    MESSAGE("client " << small.client << " and " << large.client << " kB, exapulsed "
                      << small.daemon << " and " << large.daemon << " kB");
    constexpr long noise = 2'048;
    CHECK(large.client < small.client + noise);
    CHECK(large.daemon < small.daemon + noise);
}

TEST_CASE("a batch in UTF-16 sends nothing, and one with a byte order mark everything") {
    Stage stage;
    const std::string wide("\xff\xfet\0e\0s\0t\0\n\0", 12);
    const auto refused = stage.service.run({"run", "-b", write_file(stage.dir, "wide", wide)});
    CHECK(refused.status == 2);
    CHECK(has(refused.err, "line 1: the input is UTF-16"));
    const std::string marked = "\xef\xbb\xbftest echo first\ntest echo second\n";
    const auto done = stage.service.run({"run", "-b", write_file(stage.dir, "marked", marked)});
    CHECK(done.status == 0);
    CHECK(stage.exabgp.count_of("test echo first") == 1);
    CHECK(stage.exabgp.count_of("test echo second") == 1);
}
