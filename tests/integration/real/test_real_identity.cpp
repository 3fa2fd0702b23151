// SPDX-License-Identifier: BSD-3-Clause
// Which real ExaBGP is behind its pipes or its socket, and who else is at the pipes.
#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

#include <doctest/doctest.h>

#include "common/file_descriptor.hpp"
#include "tests/integration/attach.hpp"

using namespace exapulse::test;
using exapulse::FileDescriptor;
namespace fs = std::filesystem;

TEST_SUITE_BEGIN("real exabgp only");

namespace {

const std::string own_route = "announce route 10.20.40.0/24 next-hop 10.9.9.9";

/// An ExaBGP that has not started yet, and what exapulsed needs to find it.
struct RealIdentity {
    TempDir dir;
    std::unique_ptr<ExabgpUnderTest> exabgp;

    /// `program` runs as a process of ExaBGP's own configuration, with `dir` as its argument.
    explicit RealIdentity(const RealExabgpOptions& options = {}, const std::string& program = "")
        : exabgp(real_exabgp(dir.path(), process(program) + passive_neighbor(), options)) {}

    [[nodiscard]] std::string process(const std::string& program) const {
        if (program.empty()) return "";
        return "process own {\n\trun " + program + " " + dir.path() + ";\n\tencoder text;\n}\n";
    }
    [[nodiscard]] bool has_pipes() const {
        if (!exabgp->has_pipes()) MESSAGE("skipped: this ExaBGP has no pipes");
        return exabgp->has_pipes();
    }
    [[nodiscard]] std::string in() const { return exabgp->path() + ".in"; }
    [[nodiscard]] std::string out() const { return exabgp->path() + ".out"; }

    /// As attach() has it, but does not wait for an answer of ExaBGP's.
    [[nodiscard]] Service::Options options(const std::string& interval = slow_ticks) const {
        Service::Options options;
        options.interval = interval;
        options.flags = exabgp->upstream_flags();
        return options;
    }
};

/// As systemd's ListenFIFO has a pipe.
FileDescriptor hold(const std::string& pipe) {
    FileDescriptor held(open(pipe.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC));
    REQUIRE(held.is_open());
    return held;
}

bool is_up(const Service& service) {
    return service.status()["state"] == "up";
}

void await_up(const Service& service, const RealIdentity& stage) {
    const auto up = eventually([&] { return is_up(service); }, start_time);
    REQUIRE_MESSAGE(up.held, "never up:\n" << service.log() << stage.exabgp->log());
}

/// Waits until the reason why nothing is answered has `part` in it.
Outcome explains(const Service& service, const std::string& part) {
    return eventually(
        [&] {
            const Json detail = service.status()["upstream"]["detail"];
            return detail.is_string() && detail.get<std::string>().find(part) != std::string::npos;
        },
        start_time);
}

bool accuses(const Service& service) {
    const std::string log = service.log();
    for (const char* words : {"as well", "both read", "it takes commands"})
        if (log.find(words) != std::string::npos) return true;
    return false;
}

/// After a loss that a test has caused.
Json next_after_loss(Subscription& events) {
    CHECK(events.next()["type"] == "disconnected");
    return events.next(start_time);
}

void check_told(const Json& event, const Json& before) {
    CAPTURE(event.dump());
    REQUIRE(event["type"] == "restarted");
    CHECK(event["previous"] == before["uuid"]);
    CHECK(event["uuid"] != before["uuid"]);
}

void check_restart(const Json& event, const Json& before, bool proven = true) {
    check_told(event, before);
    CHECK(event["proven"] == proven);
}

void check_same(const Json& event, const Json& before) {
    CAPTURE(event.dump());
    REQUIRE(event["type"] == "reconnected");
    CHECK(event["uuid"] == before["uuid"]);
}

bool can_unshare() {
    ChildProcess tried({"unshare", "--pid", "--fork", "--mount-proc", "--kill-child", "true"});
    const bool can = tried.wait_exit() == 0;
    if (!can) MESSAGE("skipped: no PID namespace can be made here: " << tried.stderr_text());
    return can;
}

const std::vector<std::string> in_pid_namespace{"unshare", "--pid", "--fork", "--mount-proc",
                                                "--kill-child"};

}  // namespace

TEST_CASE("identity: kill -9 and a new start are a proven restart, a reload is none") {
    const RealIdentity stage;
    const auto service = attach(*stage.exabgp);
    Subscription events = service->subscribe();
    const Json first = events.next("state");
    stage.exabgp->kill();
    CHECK(events.next()["type"] == "disconnected");
    stage.exabgp->start();
    const Json second = events.next(start_time);
    check_restart(second, first);
    stage.exabgp->bounce();
    check_same(next_after_loss(events), second);
}

TEST_CASE("identity: the same while another program holds both pipes open") {
    const RealIdentity stage;
    if (!stage.has_pipes()) return;
    const FileDescriptor in = hold(stage.in()), out = hold(stage.out());
    const auto service = attach(*stage.exabgp);
    Subscription events = service->subscribe();
    const Json first = events.next("state");
    stage.exabgp->kill();
    CHECK(events.next()["type"] == "disconnected");
    stage.exabgp->start();
    const Json second = events.next(start_time);
    check_restart(second, first);
    CHECK(service->client().command(own_route).terminator == "done");
    stage.exabgp->bounce();
    check_same(next_after_loss(events), second);
    CHECK_FALSE(accuses(*service));
}

TEST_CASE("identity: a helper that is killed: reconnected to the same ExaBGP") {
    const RealIdentity stage;
    if (!stage.has_pipes()) return;
    const auto service = attach(*stage.exabgp);
    Subscription events = service->subscribe();
    const Json first = events.next("state");
    kill(only_child_of(stage.exabgp->pid()), SIGKILL);
    check_same(next_after_loss(events), first);
    CHECK(service->client().command(own_route).terminator == "done");
}

TEST_CASE("identity: a restart while exapulsed is down is reported when it returns") {
    const RealIdentity stage;
    const auto service = attach(*stage.exabgp);
    const Json before = service->status();
    service->process().signal(SIGTERM);
    REQUIRE(service->process().wait_exit());
    stage.exabgp->kill();
    stage.exabgp->start();
    service->start();
    await_up(*service, stage);
    const auto told = service->run({"history", "--json", "--type", "restarted"});
    CAPTURE(told.out);
    REQUIRE(told.status == 0);
    check_told(Json::parse(told.out), before);  // proven where it was away for long enough

    const Json second = service->status();
    service->restart(SIGTERM);
    await_up(*service, stage);
    CHECK(service->status()["uuid"] == second["uuid"]);
}

TEST_CASE("identity: pipes replaced under a running ExaBGP keep working") {
    const RealIdentity stage;
    if (!stage.has_pipes()) return;
    const auto service = attach(*stage.exabgp, "500ms");
    Subscription events = service->subscribe();
    const Json first = events.next("state");
    for (const std::string& pipe : {stage.in(), stage.out()}) {
        fs::remove(pipe);
        REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
    }
    CHECK(service->logs(stage.in() + " was removed while ExaBGP reads it"));
    CHECK(service->client().command(own_route).terminator == "done");
    CHECK(is_up(*service));
    stage.exabgp->bounce();
    check_same(next_after_loss(events), first);
    CHECK(service->client().command(own_route).terminator == "done");
}

TEST_CASE("identity: a removed answer pipe is named within a few pings, and found again") {
    const RealIdentity stage;
    if (!stage.has_pipes()) return;
    const auto service = attach(*stage.exabgp, "500ms");
    fs::remove(stage.out());
    CHECK(explains(*service, "its pipes were replaced while it ran: " + stage.out()));
    REQUIRE(mkfifo(stage.out().c_str(), 0600) == 0);
    await_up(*service, stage);
}

TEST_CASE("identity: exabgp.api.cli=false is named") {
    RealExabgpOptions mute;
    mute.environment = {{"exabgp_api_cli", "false"}};
    const RealIdentity stage(mute);
    if (!stage.has_pipes()) return;
    stage.exabgp->start();
    const Service service("", stage.options());
    const std::string who = "(pid " + std::to_string(stage.exabgp->pid()) + ")";
    CHECK(explains(service, who + " is running, but reads no pipe; exabgp.api.cli is false"));
}

TEST_CASE("identity: another program reads the command pipe from the start: it is named") {
    const RealIdentity stage;
    if (!stage.has_pipes()) return;
    const ChildProcess thief({"cat", stage.in()});
    stage.exabgp->start();
    const Service service("", stage.options("500ms"));
    CHECK(service.logs("cat (pid " + std::to_string(thief.pid()) + ") reads " + stage.in()));
}

TEST_CASE("identity: a process of ExaBGP's own configuration reads the command pipe: it is named") {
    TempDir scripts;
    const std::string script = scripts / "thief";
    std::ofstream(script) << "#!/bin/sh\nexec cat \"$1\"/run/*.in\n";
    fs::permissions(script, fs::perms::owner_all);
    const RealIdentity stage({}, script);
    if (!stage.has_pipes()) return;
    stage.exabgp->start();
    const Service service("", stage.options("500ms"));
    const std::string pid = std::to_string(stage.exabgp->pid());
    std::string name;  // of its program, which may be Python
    std::getline(std::ifstream("/proc/" + pid + "/comm"), name);
    CHECK_MESSAGE(service.logs("started by the configuration of " + name + " (pid " + pid + ")"),
                  stage.exabgp->log());
}

TEST_CASE("identity: exapulsed in a separate PID namespace never misses a restart") {
    const RealIdentity stage;
    if (!stage.has_pipes() || !can_unshare()) return;
    stage.exabgp->start();
    // As an ExaBGP in a container writes it; here that is exapulsed itself.
    const std::string pidfile = stage.dir / "exabgp.pid";
    std::ofstream(pidfile) << "1\n";
    Service::Options options = stage.options();
    options.wrapper = in_pid_namespace;
    options.flags.insert(options.flags.end(), {"--pidfile", pidfile});
    Service service("", options);
    await_up(service, stage);
    CHECK(service.status()["identity"]["method"] == "none");
    Subscription events = service.subscribe();
    const Json first = events.next("state");
    stage.exabgp->kill();
    CHECK(events.next()["type"] == "disconnected");
    stage.exabgp->start();
    const Json second = events.next(start_time);
    check_restart(second, first, false);
    stage.exabgp->restart_process();
    check_restart(next_after_loss(events), second, false);
    kill(only_child_of(service.process().pid()), SIGTERM);  // unshare(1) passes no signal on
}

TEST_CASE("identity: a restart of an ExaBGP in a separate PID namespace is proven") {
    TempDir shared;
    const std::string pidfile = shared / "exabgp.pid";
    if (!can_unshare()) return;
    RealExabgpOptions contained;
    contained.environment = {{"exabgp_daemon_pid", pidfile}};
    contained.wrapper = in_pid_namespace;
    const RealIdentity stage(contained);
    if (!stage.has_pipes()) return;
    stage.exabgp->start();
    Service::Options options = stage.options();
    options.flags.insert(options.flags.end(), {"--pidfile", pidfile});
    const Service service("", options);
    await_up(service, stage);
    CHECK(service.status()["identity"]["method"] == "process");
    Subscription events = service.subscribe();
    const Json first = events.next("state");
    stage.exabgp->kill();
    CHECK(events.next()["type"] == "disconnected");
    fs::remove(pidfile);  // it would take itself for the process 1 that is named there
    stage.exabgp->start();
    const Json second = events.next(start_time);
    check_restart(second, first);
    kill(only_child_of(stage.exabgp->pid()), SIGUSR1);  // a reload
    check_same(next_after_loss(events), second);
}

TEST_SUITE_END();
