// SPDX-License-Identifier: BSD-3-Clause
// The service: start and stop, configuration, state file, socket file, systemd.
#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "common/socket_path.hpp"
#include "tests/integration/service.hpp"
#include "tests/support/harness/notify_socket.hpp"
#include "tests/support/socket_simulator/exabgp_simulator.hpp"

using namespace exapulse::test;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

struct Failure {
    int status;
    std::string err;
};

/// Runs an exapulsed that should not come up.
Failure start_fails(std::vector<std::string> arguments, const ChildProcess::Options& options = {}) {
    arguments.insert(arguments.begin(), require_environment("EXAPULSED"));
    ChildProcess process(arguments, options);
    const auto status = process.wait_exit();
    REQUIRE(status);
    return {*status, process.stderr_text()};
}

std::size_t count_lines(const std::string& text) {
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace

TEST_CASE("a bad configuration: one clear line and exit 78") {
    const TempDir dir;
    const std::string file = dir.write("bad.toml", "[health]\nintervall = \"1s\"\n");
    for (const char* action : {"--check-config", "--print-config"}) {
        const Failure failure = start_fails({"--config", file, action});
        CHECK(failure.status == 78);
        CHECK(failure.err == "exapulsed: " + file +
                                 ":2:1: unknown key health.intervall, did you mean interval?\n");
    }
    CHECK(start_fails({"--config", file}).status == 78);
    for (const auto& [key, text] :
         {std::pair("group = \"no-such-group\"", "socket.group: there is no group no-such-group"),
          std::pair("admins = [\"root\", \"no-such-user\"]",
                    "socket.admins: there is no user no-such-user")}) {
        const std::string named = dir.write("named.toml", fmt::format("[socket]\n{}\n", key));
        const Failure checked = start_fails({"--config", named, "--check-config"});
        CHECK(checked.status == 78);
        CHECK(checked.err.find(text) != std::string::npos);
    }
    CHECK(start_fails({"--config", dir / "missing.toml"}).status == 78);
    CHECK(start_fails({"--config", dir.path()}).status == 78);
    CHECK(start_fails({"--interval", "soon"}).status == 78);
    const Failure long_path = start_fails({"--socket", "/" + std::string(120, 'x')});
    CHECK(long_path.status == 78);
    CHECK(long_path.err.find("107") != std::string::npos);
    CHECK(start_fails({"--upstream", "/" + std::string(120, 'x')}).status == 78);
    CHECK(start_fails({"--frobnicate"}).status == 2);
    CHECK(start_fails({"--frobnicate"}).err.find("--help") != std::string::npos);
}

TEST_CASE("--check-config --as explains what a user may do, and whether a command is allowed") {
    const TempDir dir;
    const std::string file = dir.write("access.toml",
                                       "[access]\nobserve = [\"daemon\"]\n[[access.rule]]\n"
                                       "name = \"team\"\nwho = [\"bin\"]\n"
                                       "prefixes = [\"203.0.113.0/24\"]\n");
    const auto explain = [&](std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(),
                         {require_environment("EXAPULSED"), "--config", file, "--socket",
                          dir / "none.sock", "--check-config", "--as"});
        ChildProcess process(arguments);
        const auto status = process.wait_exit();
        return Service::Run{status.value_or(-1), process.stdout_text(), process.stderr_text()};
    };
    const auto says = [](const Service::Run& run, const std::string& text) {
        return run.out.find(text) != std::string::npos;
    };
    const Service::Run root = explain({"root", "daemon", "shutdown"});
    CHECK(root.status == 0);
    CHECK(says(root, "root (uid 0): the role admin, by access.admin: "));
    CHECK(says(root, "'daemon shutdown' needs the role admin: allowed\n"));
    const Service::Run reader = explain({"daemon", "announce route 203.0.113.0/24 next-hop self"});
    CHECK(reader.status == 1);
    CHECK(says(reader, "the role observe, by access.observe: daemon\n"));
    CHECK(says(reader, ": denied: 'announce' needs the role operate, you have observe"));
    CHECK(explain({"daemon", "sidecar status"}).status == 0);
    CHECK(explain({"daemon", "sidecar kill 1"}).status == 1);
    const Service::Run team = explain({"bin", "withdraw route 198.51.100.0/24"});
    CHECK(team.status == 1);
    CHECK(says(team, "  rule team: operate; prefixes 203.0.113.0/24\n"));
    CHECK(says(team, "rule team: it allows the prefixes 203.0.113.0/24, not 198.51.100.0/24\n"));
    CHECK(explain({"bin", "withdraw route 203.0.113.7"}).status == 0);
    CHECK(says(explain({"61009"}), "61009 (uid 61009): the role none, for no list and no rule"));
    const Service::Run nobody = explain({"no-such-user"});
    CHECK(nobody.status == 78);
    CHECK(nobody.err == "exapulsed: there is no user no-such-user on this host\n");
    for (const auto& [text, why] :
         {std::pair("[access]\nadmin = [\"@no-such-group\"]\n",
                    "access.admin: there is no group no-such-group on this host"),
          std::pair("[[access.rule]]\nwho = [\"no-such-user\"]\n",
                    "wrong.toml:1:1: access.rule: there is no user no-such-user on this host"),
          std::pair("[commands]\nunguarded = [\"selector\"]\n[[access.rule]]\nwho = [\"bin\"]\n"
                    "peers = [\"192.0.2.1\"]\n",
                    "wrong.toml:3:1: access.rule: peers can't be limited while")}) {
        const std::string wrong = dir.write("wrong.toml", text);
        for (const bool check : {true, false}) {
            std::vector<std::string> arguments{"--config", wrong, "--socket", dir / "x.sock"};
            if (check) arguments.emplace_back("--check-config");
            const Failure failure = start_fails(arguments);
            CHECK(failure.status == 78);
            CHECK_MESSAGE(failure.err.find(why) != std::string::npos, failure.err);
        }
    }
    const std::string odd =
        dir.write("odd.toml",
                  "[[access.rule]]\nwho = [\"bin\"]\nrole = \"observe\"\npeers = [\"192.0.2.1\"]\n"
                  "[[access.rule]]\nwho = [\"bin\"]\ndeny = [\"*\"]\n");
    ChildProcess process({require_environment("EXAPULSED"), "--config", odd, "--check-config"});
    CHECK(process.wait_exit() == 0);
    CHECK(process.stdout_text().find("odd.toml:1:1: access.rule 1: prefixes and peers limit what "
                                     "changes something") != std::string::npos);
    CHECK(process.stdout_text().find("odd.toml:5:1: access.rule 2: it denies every command") !=
          std::string::npos);
}

TEST_CASE("one of several instances: its own files, and its configuration must exist") {
    const Failure no_file = start_fails({"--instance", "no-such-one"});
    CHECK(no_file.status == 78);
    CHECK(no_file.err ==
          "exapulsed: /etc/exapulse/no-such-one.toml: no such file; the instance \"no-such-one\" "
          "needs one that names its ExaBGP in [upstream] (exapulse.toml(5))\n");
    const Failure no_name = start_fails({"--instance", "../exapulse"});
    CHECK(no_name.status == 2);
    CHECK(no_name.err.find("cannot name an instance") != std::string::npos);

    const TempDir dir;
    ChildProcess printing({require_environment("EXAPULSED"), "--instance", "edge", "--config",
                           dir.write("f.toml", "[state]\ndir = \"/srv\"\n"), "--print-config"});
    REQUIRE(printing.wait_exit() == 0);
    const std::string printed = printing.stdout_text();
    CHECK(printed.find("path = \"/run/exapulse/edge/exapulse.sock\"") != std::string::npos);
    CHECK(printed.find("dir = \"/srv\"") != std::string::npos);
}

TEST_CASE("the directories above the socket are created") {
    const TempDir dir;
    const std::string socket = dir / "run/exapulse/edge/exapulse.sock";
    ChildProcess exapulsed({require_environment("EXAPULSED"), "--config", "/dev/null", "--upstream",
                            dir / "exabgp.sock", "--socket", socket, "--state-dir", dir.path()});
    CHECK(eventually([&] { return TestClient::try_connect(socket).has_value(); }));
    CHECK(fs::status(dir / "run/exapulse").permissions() == fs::perms{0755});
    exapulsed.signal(SIGTERM);
    CHECK(exapulsed.wait_exit() == 0);
}

TEST_CASE("--print-config prints a valid configuration file") {
    const TempDir dir;
    ChildProcess print({require_environment("EXAPULSED"), "--config", dir.write("c.toml", ""),
                        "--interval", "7s", "--print-config"});
    REQUIRE(print.wait_exit() == 0);
    CHECK(print.stdout_text().find("interval = \"7s\"") != std::string::npos);
    ChildProcess check({require_environment("EXAPULSED"), "--config",
                        dir.write("printed.toml", print.stdout_text()), "--check-config"});
    CHECK(check.wait_exit() == 0);
}

TEST_CASE("a socket file: stale is replaced, live is not stolen, anything else is left alone") {
    const TempDir dir;
    const std::string path = dir / "s.sock";
    const std::vector<std::string> arguments{"--config", dir.write("c.toml", ""), "--socket",
                                             path,       "--state-dir",           dir / "state"};
    SUBCASE("a file that is not a socket") {
        dir.write("s.sock", "precious");
        const Failure failure = start_fails(arguments);
        CHECK(failure.status == 1);
        CHECK(count_lines(failure.err) == 1);
        CHECK(failure.err.find("is not a socket") != std::string::npos);
        CHECK(read_file(path) == "precious");
    }
    SUBCASE("a socket that another program serves") {
        ExabgpSimulator somebody(path);
        somebody.set_stale_window(0ms);
        const Failure failure = start_fails(arguments);
        CHECK(failure.status == 1);
        CHECK(failure.err.find("another process serves") != std::string::npos);
        CHECK(TestClient(path).command("test echo x").terminator == "done");
    }
    SUBCASE("one that another exapulsed serves, and a stale one") {
        Service first("");
        const Failure failure =
            start_fails({"--config", first.config_file(), "--socket", first.socket()});
        CHECK(failure.status == 1);
        CHECK(failure.err.find("another exapulsed serves") != std::string::npos);
        CHECK(first.client().command("sidecar version").terminator == "done");
        first.restart(SIGKILL);
        CHECK(first.client().command("sidecar version").terminator == "done");
    }
    SUBCASE("no socket is created if the group does not exist") {
        dir.write("c.toml", "[socket]\ngroup = \"no-such-group\"\n");
        const Failure failure = start_fails(arguments);
        CHECK(failure.status == 78);
        CHECK(failure.err.find("socket.group: there is no group no-such-group") !=
              std::string::npos);
        CHECK_FALSE(fs::exists(path));
    }
    SUBCASE("a directory without write permission") {
        const Failure failure =
            start_fails({"--config", dir / "c.toml", "--socket", "/proc/nowhere/s.sock"});
        CHECK(failure.status == 1);
        CHECK(count_lines(failure.err) == 1);
    }
}

TEST_CASE("the socket has the configured mode, and is removed at the end") {
    Service service("", {"[socket]\nmode = \"0600\"\n", "1s", {}, {}});
    static_cast<void>(service.status());  // it can be connected to before its alias is there
    struct stat found {};
    REQUIRE(stat(service.socket().c_str(), &found) == 0);
    CHECK((found.st_mode & 0777) == 0600);
    CHECK(fs::is_symlink(service.dir() / "exabgp.sock"));
    service.process().signal(SIGTERM);
    CHECK(service.process().wait_exit() == 0);
    CHECK_FALSE(fs::exists(service.socket()));
    CHECK_FALSE(fs::is_symlink(service.dir() / "exabgp.sock"));
}

TEST_CASE("a removed socket file is created again, and connected clients are not affected") {
    Service service("");
    TestClient before = service.client();
    const auto is_served = [&] { return TestClient::try_connect(service.socket()).has_value(); };
    SUBCASE("the file") {
        fs::remove(service.socket());
    }
    SUBCASE("with its lock and its alias") {
        for (const char* end : {"", ".lock"}) fs::remove(service.socket() + end);
        fs::remove(service.dir() / "exabgp.sock");
    }
    SUBCASE("something else is in its place: reported, and left alone") {
        fs::remove(service.socket());
        std::ofstream(service.socket()) << "precious";
        REQUIRE(service.logs("exists and is not a socket; it was not touched"));
        CHECK(read_file(service.socket()) == "precious");
        fs::remove(service.socket());
    }
    CHECK(eventually(is_served));
    CHECK(service.logs("it is served again"));
    CHECK(fs::is_symlink(service.dir() / "exabgp.sock"));
    CHECK(before.command("sidecar version").terminator == "done");
    // It is still guarded against a second exapulsed.
    CHECK(start_fails({"--config", service.config_file(), "--socket", service.socket()})
              .err.find("another exapulsed serves") != std::string::npos);
    service.process().signal(SIGTERM);
    CHECK(service.process().wait_exit() == 0);
    CHECK_FALSE(fs::exists(service.socket()));
}

TEST_CASE("the alias is never created where ExaBGP's own socket belongs") {
    const TempDir dir;
    const std::string exabgp = dir / "exabgp.sock";
    ChildProcess process({require_environment("EXAPULSED"), "--config", dir.write("c.toml", ""),
                          "--socket", dir / "e.sock", "--upstream", exabgp, "--state-dir",
                          dir / "state"});
    REQUIRE(eventually([&] { return fs::exists(dir / "e.sock"); }));
    CHECK_FALSE(fs::exists(fs::symlink_status(exabgp)));
    const ExabgpSimulator simulator(exabgp);
    CHECK(eventually([&] { return simulator.has_client(); }));
}

TEST_CASE("a reload drops neither a client nor the connection to ExaBGP") {
    const TempDir dir;
    ExabgpSimulator exabgp(dir / "exabgp.sock");
    Service service(exabgp.path(), {"[health]\ninterval = \"1h\"\n", "", {}, {}});
    service.await("up");
    TestClient client = service.client();
    client.send_line("test slow 300 kept");

    std::ofstream(service.config_file()) << "[health]\ninterval = \"77s\"\n[limits]\nclients = 2\n"
                                            "[socket]\nmode = \"0600\"\n";
    service.process().signal(SIGHUP);
    REQUIRE(service.logs("reloaded"));
    CHECK(client.read_answer().lines[0] == R"({"echo": "kept"})");
    CHECK(service.status()["interval_ms"] == 77'000);
    CHECK(service.logs("reload: takes effect only at the next start of exapulsed: socket.mode"));
    CHECK(exabgp.accepted() == 1);
    service.process().signal(SIGHUP);  // and as long as it is so, at every reload
    CHECK(eventually([&] {
        const std::string log = service.log();
        const std::string_view warning = "takes effect only at the next start";
        return log.find(warning) != log.rfind(warning);
    }));

    std::ofstream(service.config_file()) << "[health]\ninterval = 5\n";
    service.process().signal(SIGHUP);
    REQUIRE(service.logs("reload failed"));
    CHECK(service.logs("exapulse.toml:2:12: health.interval"));
    CHECK(service.status()["interval_ms"] == 77'000);
    CHECK(client.command("test echo still").terminator == "done");
    CHECK(exabgp.accepted() == 1);
}

TEST_CASE("a restart of ExaBGP while exapulsed was down is reported") {
    const TempDir dir;
    ExabgpSimulator exabgp(dir / "exabgp.sock");
    Service service(exabgp.path());
    service.await("up");
    const std::string before = exabgp.uuid();
    const Json first_status = service.status();
    for (const int how : {SIGTERM, SIGKILL}) {
        CAPTURE(how);
        service.restart(how);
        service.await("up");
        CHECK(service.logs("connected: ExaBGP answers"));
        CHECK(service.status()["boot"] != first_status["boot"]);
    }
    service.process().signal(SIGTERM);
    REQUIRE(service.process().wait_exit());
    exabgp.restart();
    service.start();
    service.await("up");
    CHECK(service.logs("restarted: ExaBGP is a new process, uuid " + exabgp.uuid() +
                       ", previously " + before));
    CHECK(service.logs("(unwatched)"));
}

TEST_CASE("a damaged or unwritable state never stops the service") {
    const TempDir dir;
    ExabgpSimulator exabgp(dir / "exabgp.sock");
    Service service(exabgp.path());
    service.await("up");
    service.process().signal(SIGTERM);
    REQUIRE(service.process().wait_exit());
    const std::string file = service.dir() / "state/identity.json";
    std::ofstream(file) << "\x01garbage";
    service.start();
    service.await("up");
    CHECK(service.logs("is damaged; renamed to " + file + ".damaged"));
    CHECK(fs::exists(file + ".damaged"));

    service.process().signal(SIGTERM);
    REQUIRE(service.process().wait_exit());
    fs::remove_all(service.dir() / "state");
    service.dir().write("state", "a file where the folder should be");
    service.start();
    service.await("up");
    CHECK(service.logs("cannot be written"));

    // With the fault the unsaved state goes, without another event.
    fs::remove(service.dir() / "state");
    fs::create_directory(service.dir() / "state");
    CHECK(service.logs("at last"));
    CHECK(read_file(file).find(exabgp.uuid()) != std::string::npos);
}

TEST_CASE("FIFOs in place of the state files delay neither the start nor the service") {
    const TempDir dir;
    ExabgpSimulator exabgp(dir / "exabgp.sock");
    Service service(exabgp.path());
    service.await("up");
    service.process().signal(SIGTERM);
    REQUIRE(service.process().wait_exit());
    const std::string file = service.dir() / "state/identity.json";
    fs::remove(file);
    REQUIRE(mkfifo(file.c_str(), 0600) == 0);
    REQUIRE(mkfifo((file + ".new").c_str(), 0600) == 0);
    service.start();
    service.await("up");
    CHECK(service.logs("is not a regular file; renamed to " + file + ".damaged"));
    CHECK(eventually([&] { return fs::is_regular_file(file); }));
}

TEST_CASE("a full disk at a restart: the restart is reported once, and saved when there is space") {
    if (getuid() != 0) return;  // only root may mount
    const TempDir dir;
    ExabgpSimulator exabgp(dir / "exabgp.sock");
    Service service(exabgp.path());
    service.await("up");
    const std::string state = service.dir() / "state";
    if (mount("tmpfs", state.c_str(), "tmpfs", 0, "size=1m") != 0) return;
    std::ofstream(state + "/ballast") << std::string(2U << 20, 'x');
    exabgp.restart();
    CHECK(service.logs("restarted: "));
    CHECK(service.logs("No space left on device"));
    fs::remove(state + "/ballast");
    CHECK(service.logs("at last"));
    service.restart(SIGKILL);
    service.await("up");
    CHECK(service.logs("connected: ExaBGP answers"));
    CHECK(umount2(state.c_str(), MNT_DETACH) == 0);
}

TEST_CASE("SIGTERM: subscribers are notified, commands get a verdict within two seconds") {
    const TempDir dir;
    ExabgpSimulator exabgp(dir / "exabgp.sock");
    Service service(exabgp.path(), {"", "1h", {}, {}});
    service.await("up");
    Subscription events = service.subscribe();
    static_cast<void>(events.next("state"));
    TestClient answered = service.client();
    TestClient waits = service.client();
    bool in_time = false;
    SUBCASE("ExaBGP answers in time") {
        in_time = true;
    }
    SUBCASE("ExaBGP does not") {
        in_time = false;
    }
    answered.send_line(in_time ? "test slow 300 last" : "test slow 60000 last");
    REQUIRE(eventually([&] { return service.status()["queue"]["in_flight"] == 1; }));
    waits.send_line("test echo never");
    REQUIRE(eventually([&] { return service.status()["queue"]["waiting"] == 1; }));
    const auto start = std::chrono::steady_clock::now();
    service.process().signal(SIGTERM);
    CHECK(events.next()["type"] == "stopping");
    CHECK(waits.read_answer().lines[0].starts_with("error: not-sent: "));
    const Answer last = answered.read_answer();
    if (in_time)
        CHECK(last == Answer{{R"({"echo": "last"})"}, "done"});
    else
        CHECK(last.lines[0].starts_with("error: outcome-unknown: "));
    CHECK(service.process().wait_exit() == 0);
    CHECK(std::chrono::steady_clock::now() - start < 2s + patience / 4);
    CHECK(events.ended());
}

TEST_CASE("systemd: READY once the socket is served, STATUS with the health, STOPPING") {
    const TempDir dir;
    NotifySocket systemd(dir / "notify");
    ExabgpSimulator exabgp(dir / "exabgp.sock");
    exabgp.stop();
    Service::Options options;
    options.process.environment = {{"NOTIFY_SOCKET", systemd.path()}, {"WATCHDOG_USEC", "300000"}};
    Service service(exabgp.path(), options);
    // Ready never means that ExaBGP is up.
    CHECK(eventually([&] { return systemd.has_line("READY=1"); }));
    service.await("down");
    CHECK(eventually([&] { return systemd.received().size() > 3; }));
    exabgp.start();
    service.await("up");
    CHECK(eventually([&] {
        return systemd.has_line("STATUS=connected: ExaBGP answers, uuid " + exabgp.uuid());
    }));
    const auto watchdogs = [&] {
        return std::count(systemd.received().begin(), systemd.received().end(), "WATCHDOG=1");
    };
    const auto some = watchdogs();
    CHECK(eventually([&] { return watchdogs() >= some + 3; }));
    service.process().signal(SIGHUP);
    CHECK(eventually([&] {
        const auto& texts = systemd.received();
        return std::any_of(texts.begin(), texts.end(), [](const std::string& text) {
            return text.starts_with("RELOADING=1\nMONOTONIC_USEC=");
        });
    }));
    service.process().signal(SIGTERM);
    CHECK(service.process().wait_exit() == 0);
    CHECK(systemd.has_line("STOPPING=1"));
}

namespace {

/// Listens on `path` with the descriptor that sd_listen_fds(3) looks for, which a child inherits.
void listen_as_systemd(const std::string& path) {
    const int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    REQUIRE(fd >= 0);
    const sockaddr_un address = exapulse::socket_address(path);
    REQUIRE(bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    REQUIRE(listen(fd, 8) == 0);
    REQUIRE(dup2(fd, 3) == 3);
    if (fd != 3) close(fd);
}

/// One that finds the socket of listen_as_systemd().
ChildProcess activated(const std::string& config, const TempDir& dir) {
    ChildProcess::Options options;
    options.environment = {{"LISTEN_FDS", "1"}};
    return ChildProcess(
        {"sh", "-c", "LISTEN_PID=$$ exec \"$0\" \"$@\"", require_environment("EXAPULSED"),
         "--config", config, "--socket", dir / "unused.sock", "--state-dir", dir / "state"},
        options);
}

}  // namespace

TEST_CASE("systemd: waiting clients get the error in the configuration") {
    const TempDir dir;
    const std::string path = dir / "handed.sock";
    const std::string config = dir.write("c.toml", "[health\n");
    listen_as_systemd(path);
    TestClient early(path);
    early.send_line("sidecar status");
    ChildProcess process = activated(config, dir);
    const Answer refused = early.read_answer();
    REQUIRE(refused.lines.size() == 1);
    CHECK(refused.lines[0].starts_with("error: not-sent: exapulsed cannot start, its "));
    CHECK(refused.lines[0].find("c.toml:1:8") != std::string::npos);
    ChildProcess status({require_environment("EXAPULSE"), "--socket", path, "run", "version"});
    CHECK(status.wait_exit() == 4);
    CHECK(status.stderr_text().find("exapulsed --check-config") != std::string::npos);
    CHECK(process.wait_exit() == 78);
    CHECK(process.stderr_text().find("c.toml:1:8") != std::string::npos);

    dir.write("c.toml", "");  // repaired: the next client starts it
    TestClient later(path);
    later.send_line("sidecar version");
    ChildProcess repaired = activated(config, dir);
    CHECK(later.read_answer().terminator == "done");
    repaired.signal(SIGTERM);
    CHECK(repaired.wait_exit() == 0);
    close(3);
}

TEST_CASE("systemd: a socket that is passed in is served and left in place") {
    const TempDir dir;
    const std::string path = dir / "handed.sock";
    listen_as_systemd(path);
    TestClient early(path);  // connected before exapulsed runs, as activation promises
    early.send_line("sidecar version");

    ChildProcess process = activated(dir.write("c.toml", ""), dir);
    CHECK(early.read_answer().terminator == "done");
    CHECK_FALSE(fs::exists(dir / "unused.sock"));
    fs::rename(path, path + ".away");  // only systemd can make it again
    CHECK(eventually([&] {
        return process.stderr_text().find("systemctl restart exapulsed.socket") !=
               std::string::npos;
    }));
    fs::rename(path + ".away", path);
    process.signal(SIGTERM);
    CHECK(process.wait_exit() == 0);
    CHECK(fs::is_socket(path));
    CHECK(fs::is_symlink(dir / "exabgp.sock"));  // ExaBGP's own CLI may start exapulsed, too
    close(3);
}

TEST_CASE("another user may not stop ExaBGP, unless in socket.admins") {
    if (getuid() != 0) return;  // only root can become somebody else
    const TempDir dir;
    fs::permissions(dir.path(), fs::perms::all);
    ExabgpSimulator exabgp(dir / "exabgp.sock");
    Service service(exabgp.path(), {"[socket]\nmode = \"0666\"\n", "1h", {}, {}});
    fs::permissions(service.dir().path(), fs::perms::all);
    service.await("up");
    // A copy, for the build may stand where only root gets to.
    fs::copy_file(require_environment("EXAPULSE"), dir / "exapulse");
    const auto as_nobody = [&](const std::string& command) {
        ChildProcess exapulse({"setpriv", "--reuid", "65534", "--clear-groups", dir / "exapulse",
                               "--socket", service.socket(), "run", "--raw", command});
        const auto status = exapulse.wait_exit();
        return Service::Run{status.value_or(-1), exapulse.stdout_text(), exapulse.stderr_text()};
    };
    const Service::Run echo = as_nobody("test echo ok");
    CHECK(echo.status == 0);
    CHECK(echo.out == "{\"echo\": \"ok\"}\n");
    for (const char* command : {"daemon shutdown", "system crash"}) {
        const Service::Run refused = as_nobody(command);
        CHECK(refused.status == 5);
        CHECK(refused.err.starts_with(fmt::format("exapulse: denied: '{}'", command)));
        CHECK(service.logs(fmt::format("): denied: {}: '{}' needs the role admin, you have operate",
                                       command, command)));
    }
    CHECK(as_nobody("sidecar kill 1").status == 5);
    CHECK(service.logs("): denied: sidecar kill 1: 'sidecar kill' needs the role admin"));
    CHECK(service.log().find("(uid 65534 nobody, pid ") != std::string::npos);
    std::ofstream(service.config_file())
        << "[socket]\nmode = \"0666\"\nadmins = [\"65534\", \"no-such-user\"]\n";
    service.process().signal(SIGHUP);
    REQUIRE(service.logs("reloaded"));
    CHECK(as_nobody("system crash").status == 0);
    CHECK(service.logs("socket.admins: there is no user no-such-user on this host"));
}

TEST_CASE("connecting clients are logged with uid, pid and gid") {
    Service service("");
    CHECK(service.client().command("sidecar version").terminator == "done");
    const std::string line =
        "(uid " + std::to_string(getuid()) + ", pid " + std::to_string(getpid());
    CHECK(service.logs(line));
    CHECK(service.logs("attached, gid " + std::to_string(getgid())));
}

TEST_CASE("the socket is found as ExaBGP's own CLI finds it, and exapulsed reports which one") {
    const TempDir dir;
    ExabgpSimulator exabgp(dir / "named.sock");
    Service::Options options;
    options.process.environment = {{"exabgp_api_socketpath", exabgp.path()}};
    Service service("", options);
    service.await("up");
    const Json upstream = service.status()["upstream"];
    CHECK(upstream["socket"] == exabgp.path());
    CHECK(upstream["found_by"] == "exabgp_api_socketpath");
    CHECK(service.logs("connected to " + exabgp.path() + " (exabgp_api_socketpath)"));
}

TEST_CASE("ExaBGP's environment file sets the names to search for, and --check-config shows that") {
    const TempDir dir;
    const std::string file = dir.write("exabgp.env", "[exabgp.api]\npipename = 'exapulse-test'\n");
    ChildProcess::Options options;
    options.environment = {{"EXABGP_ENVFILE", file}};
    ChildProcess check(
        {require_environment("EXAPULSED"), "--config", dir.write("c.toml", ""), "--check-config"},
        options);
    REQUIRE(check.wait_exit() == 0);
    const std::string out = check.stdout_text();
    CHECK(out.starts_with(dir / "c.toml" + ": OK\n"));
    CHECK(out.find("  /run/exabgp/exapulse-test.{in,out} (" + file + ")\n") != std::string::npos);
    CHECK(out.find("  /usr/local/run/exabgp.sock (standard folder)\n") != std::string::npos);
}

TEST_CASE(
    "an ExaBGP that runs where nobody searches: its place, and the line for the configuration") {
    const TempDir dir;
    fs::create_directories(dir / "run");
    ChildProcess::Options options;
    options.environment = {{"exabgp_api_pipename", "exapulse-test"},
                           {"exabgp_api_socketname", "exapulse-test"}};
    ChildProcess exabgp({"bash", "-c", "exec -a " + dir / "sbin/exabgp" + " sleep 600"}, options);
    Service service("", {"", "100ms", {}, options});
    const auto detail = [&] { return service.status()["upstream"]["detail"].dump(); };
    CHECK(eventually([&] { return detail().find("no ExaBGP; looked for") != std::string::npos; }));
    const std::string name = dir / "run/exapulse-test";
    for (const char* end : {".in", ".out"}) REQUIRE(mkfifo((name + end).c_str(), 0600) == 0);
    CHECK(service.logs(
        fmt::format("an ExaBGP (pid {}) has its pipes {}.{{in,out}}: write fifo = \"{}\"",
                    exabgp.pid(), name, name)));
    CHECK(eventually([&] { return detail().find("has its pipes " + name) != std::string::npos; }));
}

TEST_CASE("a socket in a directory that does not exist yet is used as soon as it appears") {
    const TempDir dir;
    const std::string folder = dir / "run/exabgp";
    Service service(folder + "/exabgp.sock", {"", "1h", {}, {}});
    Subscription events = service.subscribe("connected");
    const Json before = events.next("state");
    CHECK(before["upstream"]["detail"].get<std::string>().find(folder) != std::string::npos);
    fs::create_directories(folder);
    const ExabgpSimulator exabgp(folder + "/exabgp.sock");
    CHECK(events.next("connected")["uuid"] == exabgp.uuid());
    // By the watch on the folder, not by the next retry.
    CHECK(service.logs("appeared or was removed where ExaBGP is searched for"));
}
