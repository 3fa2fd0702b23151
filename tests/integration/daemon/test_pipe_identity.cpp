// SPDX-License-Identifier: BSD-3-Clause
// Which ExaBGP is behind the pipes, and who else is at them: what is proven, and what is named.
#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

#include <doctest/doctest.h>

#include "common/file_descriptor.hpp"
#include "tests/integration/service.hpp"
#include "tests/support/harness/descriptor_limit.hpp"
#include "tests/support/harness/exabgp_under_test.hpp"
#include "tests/support/pipes_simulator/pipes_simulator.hpp"

using namespace exapulse::test;
using namespace std::chrono_literals;
using exapulse::Dialect;
using exapulse::FileDescriptor;
namespace fs = std::filesystem;

namespace {

Service::Options identity_options(const std::string& name, const std::string& interval = "1h") {
    Service::Options options;
    options.interval = interval;
    options.flags = {"--fifo", name};
    return options;
}

struct IdentityStage {
    TempDir dir;
    PipesSimulator exabgp{dir / "exabgp", Dialect::Pipes42};
    Service service;

    explicit IdentityStage(const std::string& interval = "1h")
        : service("", identity_options(exabgp.name(), interval)) {
        service.await("up");
    }
};

struct BarePipes {
    TempDir dir;
    std::string name = dir / "exabgp";

    BarePipes() {
        REQUIRE(mkfifo((name + ".in").c_str(), 0600) == 0);
        REQUIRE(mkfifo((name + ".out").c_str(), 0600) == 0);
    }
};

/// As systemd's ListenFIFO does it.
struct Holder {
    FileDescriptor in, out;

    explicit Holder(const std::string& name)
        : in(open((name + ".in").c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC)),
          out(open((name + ".out").c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC)) {
        REQUIRE(in.is_open());
        REQUIRE(out.is_open());
    }
};

/// "cat (pid 12)"
std::string named(const char* name, const ChildProcess& process) {
    return std::string(name) + " (pid " + std::to_string(process.pid()) + ")";
}

}  // namespace

TEST_CASE("identity: a program that holds both pipes hides no death and is no rival") {
    const BarePipes pipes;
    const Holder holder(pipes.name);
    const auto exabgp = simulated_pipes_exabgp(pipes.dir.path(), Dialect::Pipes42);
    exabgp->start();
    const Service service("", identity_options(pipes.name));
    service.await("up");
    Subscription events = service.subscribe();
    const Json first = events.next("state");
    exabgp->kill();
    CHECK(events.next()["type"] == "disconnected");
    CHECK(service.logs("ExaBGP is not seen to read it: ExaBGP is starting or is not running"));
    exabgp->start();
    const Json second = events.next();
    CHECK(second["type"] == "restarted");
    CHECK(second["proven"] == true);
    CHECK(second["previous"] == first["uuid"]);

    exabgp->bounce();
    CHECK(events.next()["type"] == "disconnected");
    const Json third = events.next();
    CHECK(third["type"] == "reconnected");
    CHECK(third["uuid"] == second["uuid"]);
    CHECK(service.log().find("as well") == std::string::npos);
    CHECK(service.log().find("both read") == std::string::npos);
    CHECK(service.log().find("it takes commands") == std::string::npos);
}

TEST_CASE("identity: if ExaBGP cannot be seen a loss is reported as a possible restart") {
    if (geteuid() != 0) return;  // root alone can make a PID namespace
    TempDir dir;
    PipesSimulator exabgp(dir / "exabgp", Dialect::Pipes42);
    Service::Options options = identity_options(exabgp.name());
    options.wrapper = {"unshare", "--pid", "--fork", "--mount-proc", "--kill-child"};
    // As a container's ExaBGP writes it; here that is exapulsed itself.
    const std::string pidfile = dir / "exabgp.pid";
    std::ofstream(pidfile) << "1\n";
    options.flags.insert(options.flags.end(), {"--pidfile", pidfile});
    Service service("", options);
    service.await("up");
    CHECK(service.status()["identity"]["method"] == "none");
    CHECK(service.status()["identity"]["blind"].is_string());
    Subscription events = service.subscribe();
    const Json first = events.next("state");
    exabgp.crash();
    CHECK(events.next()["type"] == "disconnected");
    exabgp.start();
    const Json second = events.next();
    CHECK(second["type"] == "restarted");
    CHECK(second["proven"] == false);
    CHECK(second["uuid"] != first["uuid"]);
    exabgp.bounce(50ms);
    CHECK(events.next()["type"] == "disconnected");
    CHECK(events.next()["proven"] == false);
    kill(only_child_of(service.process().pid()), SIGTERM);  // unshare(1) passes no signal on
}

TEST_CASE("identity: a restart that another holder of the pipes hides is a possible restart") {
    if (geteuid() != 0) return;  // root alone can make a PID namespace
    const BarePipes pipes;
    const Holder holder(pipes.name);
    const auto exabgp = simulated_pipes_exabgp(pipes.dir.path(), Dialect::Pipes42);
    exabgp->start();
    // The restart is over before a ping could tell.
    Service::Options options = identity_options(pipes.name, "3s");
    options.wrapper = {"unshare", "--pid", "--fork", "--mount-proc", "--kill-child"};
    Service service("", options);
    service.await("up");
    CHECK(service.status()["identity"]["method"] == "none");
    Subscription events = service.subscribe();
    const Json first = events.next("state");

    // Who writes into the pipe and leaves is no helper that ends.
    std::ofstream(pipes.name + ".in") << "version\n" << std::flush;
    const Json visit = events.next();
    CHECK_MESSAGE(visit["type"] == "contended", visit.dump());
    service.await("up");

    exabgp->kill();
    exabgp->start();
    CHECK(events.next()["type"] == "disconnected");
    const Json second = events.next();
    CHECK(second["type"] == "restarted");
    CHECK(second["proven"] == false);
    CHECK(second["uuid"] != first["uuid"]);
    kill(only_child_of(service.process().pid()), SIGTERM);  // unshare(1) passes no signal on
}

TEST_CASE("identity: status shows how ExaBGP is identified") {
    IdentityStage stage;
    const Json identity = stage.service.status()["identity"];
    CHECK(identity["method"] == "process");
    CHECK(identity["evidence"].get<std::string>().find(
              "(pid " + std::to_string(stage.exabgp.pid()) + "), whose helper (pid " +
              std::to_string(stage.exabgp.relay_pid()) + ")") != std::string::npos);
    CHECK(stage.service.run({"status"}).out.find("whose helper") != std::string::npos);
}

TEST_CASE("identity: another program reads the command pipe from the start: it is named") {
    const BarePipes pipes;
    const ChildProcess thief({"cat", pipes.name + ".in"});
    Service::Options options = identity_options(pipes.name);
    options.config = "[commands]\nhold = \"3s\"\n";
    const Service service("", options);
    CHECK(service.explains(named("cat", thief) + " reads " + pipes.name + ".in"));
    CHECK(service.logs(named("cat", thief) + " reads "));
    const Answer verdict =
        service.client().command("announce route 10.0.0.0/24 next-hop 192.0.2.1");
    REQUIRE_FALSE(verdict.lines.empty());
    CHECK(verdict.lines[0].starts_with("error: not-sent: "));
    CHECK(verdict.lines[0].find(named("cat", thief)) != std::string::npos);
}

TEST_CASE("identity: another program that reads the command pipe is named") {
    const BarePipes pipes;
    PipesSimulator exabgp(pipes.name, Dialect::Pipes42);
    const Service service("", identity_options(pipes.name, "500ms"));
    service.await("up");
    const ChildProcess thief({"cat", pipes.name + ".in"});
    CHECK(service.logs(named("cat", thief) + " reads " + pipes.name + ".in as well as ExaBGP"));
}

TEST_CASE("identity: a running ExaBGP that reads no pipe is named") {
    const BarePipes pipes;
    const ChildProcess exabgp({"bash", "-c", "exec -a exabgp sleep 1000"});
    const Service service("", identity_options(pipes.name));
    CHECK(service.explains("is running, but reads no pipe; exabgp.api.cli is false"));
    CHECK(service.logs("exabgp.api.cli is false"));
}

TEST_CASE("identity: pipes replaced under a running ExaBGP keep working") {
    IdentityStage stage;
    const std::string in = stage.exabgp.name() + ".in", out = stage.exabgp.name() + ".out";
    Subscription events = stage.service.subscribe();
    const Json first = events.next("state");
    for (const std::string& pipe : {in, out}) {
        fs::remove(pipe);
        REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
    }
    CHECK(stage.service.logs(in + " was removed while ExaBGP reads it"));
    const std::string route = "announce route 10.0.0.0/24 next-hop 192.0.2.1";
    CHECK(stage.service.client().command(route).terminator == "done");
    CHECK(stage.service.status()["state"] == "up");
    // A reload opens them by their names.
    stage.exabgp.bounce(50ms);
    CHECK(events.next()["type"] == "disconnected");
    const Json back = events.next();
    CHECK(back["type"] == "reconnected");
    CHECK(back["uuid"] == first["uuid"]);
    CHECK(stage.service.client().command(route).terminator == "done");
}

TEST_CASE("identity: a removed answer pipe is named within one ping, and found again") {
    IdentityStage stage("500ms");
    const std::string out = stage.exabgp.name() + ".out";
    fs::remove(out);
    CHECK(stage.service.explains("its pipes were replaced while it ran: " + out));
    CHECK(stage.service.logs("reload or restart ExaBGP"));
    REQUIRE(mkfifo(out.c_str(), 0600) == 0);
    stage.service.await("up");
}

TEST_CASE("identity: an ExaBGP that cannot be seen for lack of descriptors has not restarted") {
    IdentityStage stage("100ms");
    Subscription events = stage.service.subscribe();
    const Json first = events.next("state");
    {
        const DescriptorLimit limit(0, stage.service.process().pid());
        std::this_thread::sleep_for(1s);
    }
    CHECK(stage.service.status()["uuid"] == first["uuid"]);
    {
        const DescriptorLimit limit(0, stage.service.process().pid());
        stage.exabgp.crash();
        CHECK(events.next()["type"] == "disconnected");
        stage.exabgp.start();
        std::this_thread::sleep_for(1s);
    }
    const Json second = events.next("restarted");
    CHECK(second["previous"] == first["uuid"]);
    CHECK(second["proven"] == true);
    std::this_thread::sleep_for(1s);
    CHECK(stage.service.status()["uuid"] == second["uuid"]);
}
