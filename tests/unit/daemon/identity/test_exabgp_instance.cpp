// SPDX-License-Identifier: BSD-3-Clause
// InstanceFinder: who is behind the pipes, by each of its methods.
#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <grp.h>
#include <memory>
#include <optional>
#include <sched.h>
#include <string>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include <doctest/doctest.h>

#include "daemon/identity/exabgp_instance.hpp"
#include "tests/support/harness/child_process.hpp"
#include "tests/support/harness/descriptor_limit.hpp"
#include "tests/support/harness/eventually.hpp"
#include "tests/support/harness/temp_dir.hpp"

using namespace exapulse;
using test::ChildProcess;
using test::eventually;

namespace {

/// A command pipe, and processes that read it as ExaBGP's do: they are told by their arguments.
struct Pipes {
    test::TempDir dir;
    std::string path = dir / "exabgp.in";
    struct stat file {};

    Pipes() {
        REQUIRE(mkfifo(path.c_str(), 0600) == 0);
        REQUIRE(stat(path.c_str(), &file) == 0);
    }
    /// A daemon, and its helper, which is replaced when it ends, and has opened the pipe.
    [[nodiscard]] std::unique_ptr<ChildProcess> exabgp() const {
        const std::size_t before = users();
        auto daemon = start("while :; do (exec -a exabgp sleep 1000 <>\"$0\"); done");
        REQUIRE(eventually([&] { return users() == before + 1; }));
        return daemon;
    }
    /// One that reads no pipe.
    [[nodiscard]] std::unique_ptr<ChildProcess> deaf_exabgp() const {
        return start("exec -a exabgp sleep 1000");
    }
    [[nodiscard]] std::string pidfile(const std::string& content) const {
        const std::string name = dir / "exabgp.pid";
        std::ofstream(name) << content;
        return name;
    }
    [[nodiscard]] pid_t reader() const {
        for (const PipeUser& user : pipe_users(file).users)
            if (user.reads && is_itself(user.pid)) return user.pid;
        return 0;
    }
    [[nodiscard]] std::size_t users() const {
        const auto all = pipe_users(file).users;
        return static_cast<std::size_t>(std::count_if(
            all.begin(), all.end(), [](const PipeUser& user) { return is_itself(user.pid); }));
    }

  private:
    /// Whether it is no longer the shell that begins it, which opens the pipe and looks like the
    /// daemon. The kernel gives a new program its name first and its arguments later.
    static bool is_itself(pid_t pid) {
        const std::string process = "/proc/" + std::to_string(pid);
        std::string name, arguments;
        std::getline(std::ifstream(process + "/comm"), name);
        std::getline(std::ifstream(process + "/cmdline"), arguments);
        return (name == "sleep" || name == "cat") && !arguments.empty();
    }
    [[nodiscard]] std::unique_ptr<ChildProcess> start(const std::string& script) const {
        ChildProcess::Options options;
        options.own_group = true;
        return std::make_unique<ChildProcess>(
            std::vector<std::string>{"bash", "-c", "exec -a exabgp bash -c \"$1\" \"$0\"", path,
                                     script},
            options);
    }
};

/// One that can be seen.
ExabgpInstance find(InstanceFinder& finder, const Pipes& pipes) {
    const auto found = finder.find(pipes.file);
    REQUIRE(found.has_value());
    return *found;
}

ExabgpInstance find_again(InstanceFinder& finder, const Pipes& pipes) {
    const auto found = finder.find_again(pipes.file);
    REQUIRE(found.has_value());
    return *found;
}

bool found_by(InstanceFinder& finder, const Pipes& pipes, IdentityMethod method) {
    return find(finder, pipes).method == method;
}

/// More than finding it takes at a time.
constexpr unsigned enough_descriptors = 6;

struct Attempt {
    std::optional<ExabgpInstance> instance;
    std::string problem;
};

/// With so few descriptors nothing is checked, which would need some.
Attempt find_again_with(unsigned spare, InstanceFinder& finder, const Pipes& pipes) {
    const test::DescriptorLimit limit(spare);
    Attempt attempt{finder.find_again(pipes.file), ""};
    attempt.problem = finder.problem();
    return attempt;
}

}  // namespace

TEST_CASE("the same name gives the same UUID, of version 5, another name another") {
    CHECK(uuid_of_name("a") == uuid_of_name("a"));
    CHECK(uuid_of_name("a") != uuid_of_name("b"));
    CHECK(uuid_of_name("a").size() == 36);
    CHECK(uuid_of_name("a")[14] == '5');
}

TEST_CASE("ExaBGP is the parent of its helper, whichever helper that is") {
    const Pipes pipes;
    const auto exabgp = pipes.exabgp();
    InstanceFinder finder("", std::nullopt);
    REQUIRE(eventually([&] { return found_by(finder, pipes, IdentityMethod::Process); }));
    const std::string first = find(finder, pipes).uuid;
    CHECK(find_again(finder, pipes).uuid == first);
    CHECK(finder.evidence().starts_with("bash (pid " + std::to_string(exabgp->pid()) + "), whose"));
    REQUIRE(finder.processes().size() == 2);
    CHECK(finder.processes()[0].pid == exabgp->pid());

    const pid_t helper = finder.processes()[1].pid;
    REQUIRE(kill(helper, SIGKILL) == 0);
    finder.on_lost(true);
    REQUIRE(eventually([&] {
        const pid_t next = pipes.reader();
        return next != 0 && next != helper;
    }));
    CHECK(find_again(finder, pipes).uuid == first);
    CHECK(finder.problem().empty());
}

TEST_CASE("another process is another ExaBGP, and that is proven, whoever holds the pipes open") {
    for (const bool held : {false, true}) {
        CAPTURE(held);
        const Pipes pipes;
        auto exabgp = pipes.exabgp();
        std::optional<ChildProcess> holder;
        InstanceFinder finder("", std::nullopt);
        REQUIRE(eventually([&] { return found_by(finder, pipes, IdentityMethod::Process); }));
        if (held) {
            // As systemd's ListenFIFO does it: keeps the pipe alive and reads nothing.
            holder.emplace(
                std::vector<std::string>{"sh", "-c", "exec sleep 1000 <>\"$0\"", pipes.path});
            REQUIRE(eventually([&] { return pipes.users() == 2; }));
        }
        const std::string first = find(finder, pipes).uuid;
        CHECK(finder.problem().empty());
        exabgp.reset();
        REQUIRE(eventually([&] { return pipes.users() == (held ? 1U : 0U); }));
        finder.on_lost(true);
        exabgp = pipes.exabgp();
        const ExabgpInstance second = find_again(finder, pipes);
        CHECK(second.uuid != first);
        CHECK(second.proven);
    }
}

TEST_CASE("two ExaBGPs that read the command pipe are reported, and neither is chosen") {
    const Pipes pipes;
    InstanceFinder finder("", std::nullopt);
    const auto one = pipes.exabgp();
    const auto two = pipes.exabgp();
    REQUIRE(eventually([&] {
        static_cast<void>(find(finder, pipes));
        return !finder.problem().empty();
    }));
    CHECK(finder.problem().find("both read the command pipe") != std::string::npos);
    CHECK(found_by(finder, pipes, IdentityMethod::None));
}

TEST_CASE("a pid file counts only while it names an ExaBGP that is older than the file") {
    const Pipes pipes;
    const auto exabgp = pipes.deaf_exabgp();
    const std::string name = pipes.pidfile(std::to_string(exabgp->pid()));
    InstanceFinder finder(name, std::nullopt);
    REQUIRE(eventually([&] { return found_by(finder, pipes, IdentityMethod::Pidfile); }));
    CHECK(find(finder, pipes).uuid == find_again(finder, pipes).uuid);

    std::filesystem::last_write_time(
        name, std::filesystem::file_time_type::clock::now() - std::chrono::hours(24 * 365 * 10));
    CHECK_FALSE(found_by(finder, pipes, IdentityMethod::Pidfile));
    CHECK(finder.problem().find("which it names, is younger than the file") != std::string::npos);
    // Ours, that of the first process, as a container's pid file has it, and what is no pid.
    for (const std::string& content : {std::to_string(getpid()), std::string("1"), std::string(),
                                       std::string("exabgp"), std::string("99999999")}) {
        CAPTURE(content);
        finder.set_pidfile(pipes.pidfile(content));
        CHECK_FALSE(found_by(finder, pipes, IdentityMethod::Pidfile));
        CHECK_FALSE(finder.problem().empty());
    }
}

TEST_CASE(
    "of a process with a capability that we lack the open files can't be seen, and we know it") {
    if (geteuid() != 0) return;  // root alone can make such a process
    constexpr uid_t nobody = 65534;
    for (const bool capable : {true, false}) {
        CAPTURE(capable);
        const Pipes pipes;
        std::string command = "exec setpriv --reuid 65534 --regid 65534 --clear-groups ";
        if (capable) command += "--inh-caps +chown --ambient-caps +chown ";
        const ChildProcess reader({"bash", "-c", command + "cat <>\"$0\"", pipes.path});
        const auto runs_as_nobody = [&] {
            struct stat process {};
            return stat(("/proc/" + std::to_string(reader.pid())).c_str(), &process) == 0 &&
                   process.st_uid == nobody && pipes.reader() == reader.pid();
        };
        REQUIRE(eventually(runs_as_nobody));
        REQUIRE(setegid(nobody) == 0);
        REQUIRE(seteuid(nobody) == 0);
        const PipeUsers seen = pipe_users(pipes.file);
        REQUIRE(seteuid(0) == 0);
        REQUIRE(setegid(0) == 0);
        CHECK(seen.users.size() == (capable ? 0 : 1));
        CHECK(std::count(seen.forbidden.begin(), seen.forbidden.end(), reader.pid()) ==
              (capable ? 1 : 0));
    }
}

TEST_CASE(
    "if ExaBGP cannot be seen nothing proves that it is the same after a loss or missed pings") {
    const Pipes pipes;
    InstanceFinder finder("", std::nullopt);
    if (!found_by(finder, pipes, IdentityMethod::None)) return;  // another ExaBGP runs here
    const std::string first = find(finder, pipes).uuid;
    CHECK(find_again(finder, pipes).uuid == first);
    finder.on_lost(true);
    const ExabgpInstance second = find(finder, pipes);
    CHECK(second.uuid != first);
    CHECK_FALSE(second.proven);
    CHECK(find_again(finder, pipes).uuid == second.uuid);
    finder.on_doubt();
    const ExabgpInstance third = find_again(finder, pipes);
    CHECK(third.uuid != second.uuid);
    CHECK_FALSE(third.proven);

    const KnownInstance known{first, std::chrono::system_clock::now()};
    InstanceFinder later("", known);
    CHECK(find(later, pipes).uuid != first);
    CHECK_FALSE(find_again(later, pipes).proven);
    InstanceFinder after_boot("", KnownInstance{first, WallTime()});
    CHECK(find(after_boot, pipes).uuid != first);
    CHECK(find_again(after_boot, pipes).proven);
}

TEST_CASE("a later run of exapulsed recognises the process, and a younger one as another") {
    const Pipes pipes;
    const auto exabgp = pipes.exabgp();
    InstanceFinder finder("", std::nullopt);
    REQUIRE(found_by(finder, pipes, IdentityMethod::Process));
    const KnownInstance known{find(finder, pipes).uuid, std::chrono::system_clock::now()};
    InstanceFinder later("", known);
    CHECK(find(later, pipes).uuid == known.uuid);
    InstanceFinder much_later("", KnownInstance{"another", known.seen - std::chrono::hours(1)});
    CHECK(find(much_later, pipes).uuid == known.uuid);
    CHECK(find_again(much_later, pipes).proven);
}

TEST_CASE("an ExaBGP that cannot be seen for lack of descriptors has not ended") {
    for (const bool by_pidfile : {false, true}) {
        CAPTURE(by_pidfile);
        const Pipes pipes;
        const auto exabgp = by_pidfile ? pipes.deaf_exabgp() : pipes.exabgp();
        const IdentityMethod method =
            by_pidfile ? IdentityMethod::Pidfile : IdentityMethod::Process;
        const std::string pidfile =
            by_pidfile ? pipes.pidfile(std::to_string(exabgp->pid())) : std::string();
        REQUIRE(eventually([&] {
            InstanceFinder first(pidfile, std::nullopt);
            return found_by(first, pipes, method);
        }));
        InstanceFinder finder(pidfile, std::nullopt);
        const std::string uuid = find(finder, pipes).uuid;
        for (unsigned spare = 0; spare < enough_descriptors; ++spare) {
            CAPTURE(spare);
            const auto calm = find_again_with(spare, finder, pipes).instance;
            REQUIRE(calm.has_value());
            CHECK(calm->uuid == uuid);
            finder.on_doubt();
            const Attempt doubted = find_again_with(spare, finder, pipes);
            CHECK((!doubted.instance || doubted.instance->uuid == uuid));
            CHECK((doubted.instance || !doubted.problem.empty()));
            finder.on_lost(false);
            const auto lost = find_again_with(spare, finder, pipes).instance;
            CHECK((!lost || lost->uuid == uuid));
            CHECK(find_again(finder, pipes).uuid == uuid);

            InstanceFinder later(pidfile, KnownInstance{uuid, std::chrono::system_clock::now()});
            const auto remembered = find_again_with(spare, later, pipes).instance;
            CHECK((!remembered || remembered->uuid == uuid));
            CHECK(find_again(later, pipes).uuid == uuid);
        }
        CHECK(find(finder, pipes).method == method);
    }
}

TEST_CASE("a restart while there are no descriptors is proven as soon as there are some") {
    for (unsigned spare = 0; spare < enough_descriptors; ++spare) {
        for (const bool lost : {true, false}) {
            CAPTURE(spare);
            CAPTURE(lost);
            const Pipes pipes;
            auto exabgp = pipes.exabgp();
            InstanceFinder finder("", std::nullopt);
            REQUIRE(eventually([&] { return found_by(finder, pipes, IdentityMethod::Process); }));
            const std::string first = find(finder, pipes).uuid;
            exabgp.reset();
            REQUIRE(eventually([&] { return pipes.users() == 0; }));
            if (lost) finder.on_lost(true);
            exabgp = pipes.exabgp();
            InstanceFinder other("", std::nullopt);
            const std::string second = find(other, pipes).uuid;
            const auto unseen = find_again_with(spare, finder, pipes).instance;
            // With no descriptor at all an unbroken connection is all that is known.
            const bool kept = !lost && spare == 0;
            CHECK((!unseen || unseen->uuid == (kept ? first : second)));
            const ExabgpInstance seen = find_again(finder, pipes);
            CHECK(seen.uuid == second);
            CHECK(seen.proven);
        }
    }
}

TEST_CASE("an ExaBGP that becomes hidden has not ended") {
    if (geteuid() != 0) return;  // root alone can mount /proc
    const Pipes pipes;
    const auto exabgp = pipes.exabgp();
    InstanceFinder finder("", std::nullopt);
    REQUIRE(eventually([&] { return found_by(finder, pipes, IdentityMethod::Process); }));
    const std::string first = find(finder, pipes).uuid;
    constexpr uid_t nobody = 65534;
    constexpr int not_hidden = 1, ended = 2, calm_differs = 4, not_another = 8, proven = 16;
    const pid_t child = fork();
    if (child == 0) {
        const bool hides = unshare(CLONE_NEWNS) == 0 &&
                           mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
                           mount("proc", "/proc", "proc", 0, "hidepid=2") == 0 &&
                           setgroups(0, nullptr) == 0 && setegid(nobody) == 0 &&
                           seteuid(nobody) == 0;
        if (!hides) _exit(not_hidden);
        int wrong = life_of(finder.processes()[0]) == Life::Hidden ? 0 : ended;
        const auto calm = finder.find_again(pipes.file);
        if (!calm || calm->uuid != first) wrong |= calm_differs;
        finder.on_lost(false);
        const auto doubted = finder.find_again(pipes.file);
        if (!doubted || doubted->uuid == first) wrong |= not_another;
        if (!doubted || doubted->proven) wrong |= proven;
        _exit(wrong);
    }
    REQUIRE(child > 0);
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    REQUIRE(WIFEXITED(status));
    if (WEXITSTATUS(status) == not_hidden) return;  // as in many a container
    CHECK(WEXITSTATUS(status) == 0);
}
