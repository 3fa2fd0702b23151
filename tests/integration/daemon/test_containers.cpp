// SPDX-License-Identifier: BSD-3-Clause
// exapulsed and ExaBGP in containers of their own that share a directory: a sidecar. A container is
// a set of namespaces (user, PID, mount) in which the program is process 1.
#include <csignal>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

#include <doctest/doctest.h>

#include "tests/integration/service.hpp"
#include "tests/support/harness/eventually.hpp"
#include "tests/support/harness/has.hpp"

using namespace exapulse::test;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

/// What starts a program as process 1 of a container. Its /run has nothing but `shared` as
/// /run/exabgp and, unless that is empty, `own` as /run/exapulse.
std::vector<std::string> container(const std::string& shared, const std::string& own = "") {
    return {
        "unshare",
        "--user",
        "--map-root-user",
        "--pid",
        "--fork",
        "--mount-proc",
        "--mount",
        "--kill-child",
        "sh",
        "-ec",
        "shared=$1 own=$2; shift 2\n"
        "mount -t tmpfs none /run\n"
        "mkdir /run/exabgp\n"
        "mount --bind \"$shared\" /run/exabgp\n"
        "if [ -n \"$own\" ]; then mkdir /run/exapulse; mount --bind \"$own\" /run/exapulse; fi\n"
        "exec \"$@\"\n",
        "sh",
        shared,
        own};
}

std::vector<std::string> operator+(std::vector<std::string> one,
                                   const std::vector<std::string>& other) {
    one.insert(one.end(), other.begin(), other.end());
    return one;
}

std::vector<std::string> in_namespaces_of(pid_t pid) {
    return {"nsenter", "--target", std::to_string(pid), "--user", "--preserve-credentials",
            "--pid",   "--mount"};
}

/// False, with a message, where the kernel or this user's rights allow no namespaces.
bool can_contain() {
    const TempDir shared;
    ChildProcess tried(container(shared.path()) + std::vector<std::string>{"true"});
    const bool can = tried.wait_exit() == 0;
    if (!can) MESSAGE("skipped: no container can be made here: " << tried.stderr_text());
    return can;
}

/// The simulator of an ExaBGP in a container.
class ContainedExabgp {
  public:
    ContainedExabgp(const std::string& shared, const std::string& dialect)
        : argv_(container(shared) +
                std::vector<std::string>{
                    require_environment("EXABGP_SIMULATOR"),
                    dialect == "v6" ? "--socket" : "--pipes",
                    dialect == "v6" ? "/run/exabgp/exabgp.sock" : "/run/exabgp/exabgp", "--dialect",
                    dialect}) {}

    /// Of its process 1 as seen from here.
    [[nodiscard]] pid_t pid() const { return only_child_of(process_->pid()); }
    void start() { process_ = std::make_unique<ChildProcess>(argv_); }
    void stop() {
        kill(pid(), SIGTERM);  // unshare(1) passes no signal on
        REQUIRE(process_->wait_exit());
    }

  private:
    std::vector<std::string> argv_;
    std::unique_ptr<ChildProcess> process_;
};

/// What starts a program in a container that shares the user and PID namespaces of `pid`, and has
/// its directories besides `own`, as the containers of a pod that shares its process namespace.
std::vector<std::string> container_beside(pid_t pid, const std::string& own) {
    return in_namespaces_of(pid) +
           std::vector<std::string>{"unshare",
                                    "--mount",
                                    "sh",
                                    "-ec",
                                    "mkdir -p /run/exapulse; mount --bind \"$1\" /run/exapulse\n"
                                    "shift; exec \"$@\"\n",
                                    "sh",
                                    own};
}

/// An exapulsed in a container, and what is done in that container and in others.
class ContainedService {
  public:
    explicit ContainedService(const std::string& shared) : shared_(shared) {
        start(container(shared, own_.path()));
    }
    /// Shares the PID namespace of `exabgp`.
    ContainedService(const std::string& shared, const ContainedExabgp& exabgp) : shared_(shared) {
        start(container_beside(exabgp.pid(), own_.path()));
    }
    ContainedService(const ContainedService&) = delete;
    ContainedService& operator=(const ContainedService&) = delete;

    [[nodiscard]] std::string socket() const { return own_ / "exapulse.sock"; }
    [[nodiscard]] std::string log() const { return process_->stderr_text(); }
    [[nodiscard]] pid_t pid() const { return only_child_of(process_->pid()); }
    [[nodiscard]] std::optional<int> wait_exit() { return process_->wait_exit(); }

    /// In a further container, with the socket's directory at its usual place.
    [[nodiscard]] Service::Run run(const std::vector<std::string>& arguments) const {
        return ended(container(shared_, own_.path()) +
                     std::vector<std::string>{require_environment("EXAPULSE")} + arguments);
    }
    /// In exapulsed's container, as a probe of its runtime.
    [[nodiscard]] Service::Run exec(const std::vector<std::string>& argv) const {
        return ended(in_namespaces_of(pid()) + argv);
    }
    [[nodiscard]] Service::Run probe(const std::string& subcommand) const {
        return exec({require_environment("EXAPULSE"), subcommand});
    }
    void await_ready(int status) const {
        const auto reached = eventually([&] { return probe("ready").status == status; }, 30s);
        REQUIRE_MESSAGE(reached.held, log());
    }

  private:
    void start(const std::vector<std::string>& prefix) {
        process_ = std::make_unique<ChildProcess>(
            prefix + std::vector<std::string>{require_environment("EXAPULSED"), "--config",
                                              own_.write("exapulse.toml", ""), "--state-dir",
                                              "/run/exapulse/state", "--interval", "200ms",
                                              "--log-level", "debug"});
        const auto served =
            eventually([&] { return TestClient::try_connect(socket()).has_value(); });
        REQUIRE_MESSAGE(served.held, "exapulsed does not serve:\n" << log());
    }
    static Service::Run ended(std::vector<std::string> argv) {
        ChildProcess process(std::move(argv));
        process.close_stdin();
        const auto status = process.wait_exit(30s);
        REQUIRE_MESSAGE(status, "it does not end: " << process.stderr_text());
        return {*status, process.stdout_text(), process.stderr_text()};
    }

    std::string shared_;
    TempDir own_;
    std::unique_ptr<ChildProcess> process_;
};

}  // namespace

TEST_CASE("containers: a sidecar attaches, reports restarts, answers probes and stops") {
    if (!can_contain()) return;
    for (const std::string dialect : {"v6", "5.0", "4.2"}) {
        CAPTURE(dialect);
        const TempDir shared;
        ContainedExabgp exabgp(shared.path(), dialect);
        exabgp.start();
        ContainedService service(shared.path());
        service.await_ready(0);
        CHECK(service.probe("alive").status == 0);
        const auto version = service.run({"run", "version"});
        CHECK_MESSAGE(version.status == 0, version.err);

        // It sees no process of another container, and none of another sees it.
        TestClient watch(service.socket());
        watch.send_line("sidecar subscribe");
        Subscription events(std::move(watch));
        const Json first = events.next("state");
        CHECK(first["pid"] == 1);
        if (dialect != "v6") CHECK(first["identity"]["method"] == "none");

        exabgp.stop();
        service.await_ready(2);
        CHECK(service.probe("alive").status == 0);
        exabgp.start();
        const Json second = events.next("restarted", 30s);
        CHECK(second["type"] == "restarted");
        CHECK(second["uuid"] != first["uuid"]);
        service.await_ready(0);

        kill(service.pid(), SIGTERM);
        CHECK_MESSAGE(service.wait_exit() == 0, service.log());
        CHECK(events.next("stopping")["type"] == "stopping");
        exabgp.stop();
    }
}

TEST_CASE("containers: sharing a PID namespace distinguishes a restart from a reload") {
    if (!can_contain()) return;
    const TempDir shared;
    ContainedExabgp exabgp(shared.path(), "4.2");
    exabgp.start();
    REQUIRE(eventually([&] { return fs::exists(shared / "exabgp.in"); }).held);
    ContainedService service(shared.path(), exabgp);
    service.await_ready(0);
    TestClient watch(service.socket());
    watch.send_line("sidecar subscribe");
    Subscription events(std::move(watch));
    const Json first = events.next("state");
    CHECK(first["identity"]["method"] == "process");
    kill(exabgp.pid(), SIGUSR1);  // a reload
    CHECK(events.next("reconnected", 30s)["uuid"] == first["uuid"]);
    kill(service.pid(), SIGTERM);
    CHECK_MESSAGE(service.wait_exit() == 0, service.log());
}

TEST_CASE("containers: a client in another PID namespace has no pid, one in exapulsed's has") {
    if (!can_contain()) return;
    const TempDir shared;
    ContainedService service(shared.path());
    const Json far = Json::parse(service.run({"clients", "--json"}).out);
    REQUIRE(far.size() == 1);
    CHECK(far[0]["pid"].is_null());
    CHECK(far[0]["process"].is_null());
    CHECK(far[0]["uid"] == 0);
    CHECK(has(service.run({"clients"}).out, "? (another PID namespace)"));
    CHECK(eventually([&] {
              return has(service.log(), " (uid 0, pid unknown: another PID namespace): attached");
          }).held);
    const auto near = service.exec({require_environment("EXAPULSE"), "clients", "--json"});
    CHECK(Json::parse(near.out)[0]["process"] == "exapulse");
    CHECK(Json::parse(near.out)[0]["pid"] > 1);
    kill(service.pid(), SIGTERM);
    CHECK(service.wait_exit() == 0);
}

TEST_CASE("containers: socket.group may be a gid, since an image need not name it") {
    Service::Options options;
    const gid_t gid = geteuid() == 0 ? 48'111 : getegid();
    options.config = "[socket]\ngroup = \"" + std::to_string(gid) + "\"\n";
    const TempDir dir;
    const Service service(dir / "exabgp.sock", options);
    struct stat served {};
    REQUIRE(stat(service.socket().c_str(), &served) == 0);
    CHECK(served.st_gid == gid);
}

TEST_CASE("containers: alive fails if exapulsed is stopped") {
    if (!can_contain()) return;
    const TempDir shared;
    ContainedService service(shared.path());
    const pid_t pid = service.pid();
    kill(pid, SIGSTOP);
    const auto alive = service.exec({require_environment("EXAPULSE"), "alive", "-t", "200ms"});
    CHECK(alive.status == 7);
    kill(pid, SIGCONT);
    CHECK(service.probe("alive").status == 0);
    kill(pid, SIGTERM);
    CHECK(service.wait_exit() == 0);
}

TEST_CASE("containers: as process 1, exapulsed reaps orphans") {
    if (!can_contain()) return;
    const TempDir shared;
    ContainedService service(shared.path());
    // The shell ends first, so its child becomes one of process 1.
    CHECK(service.exec({"sh", "-c", "sleep 0.1 >/dev/null 2>&1 &"}).status == 0);
    const auto reaped = eventually([&] {
        return service.exec({"sh", "-c", "! grep -l '^State:.*zombie' /proc/[0-9]*/status"})
                       .status == 0 &&
               service.exec({"sh", "-c", "! grep -l '^Name:.*sleep' /proc/[0-9]*/status"}).status ==
                   0;
    });
    CHECK(reaped.held);
    kill(service.pid(), SIGTERM);
    CHECK(service.wait_exit() == 0);
}
