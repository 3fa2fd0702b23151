// SPDX-License-Identifier: BSD-3-Clause
// InstanceFinder: who is behind the pipes, by each of its methods.
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

#include <doctest/doctest.h>

#include "daemon/health/exabgp_instance.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/temp_dir.hpp"

using namespace exapulse;
using test::ChildProcess;
using test::eventually;

namespace {

/// A command pipe, and what reads it: children of this process, which so takes ExaBGP's place.
struct Pipes {
    test::TempDir dir;
    std::string path = dir / "exabgp.in";
    struct stat file {};

    Pipes() {
        REQUIRE(mkfifo(path.c_str(), 0600) == 0);
        REQUIRE(stat(path.c_str(), &file) == 0);
    }
    /// As the relay does it: open for reading and writing, for life.
    [[nodiscard]] ChildProcess relay() const {
        return ChildProcess({"sh", "-c", "exec sleep 1000 <>\"$0\"", path});
    }
    [[nodiscard]] std::string pidfile(const std::string& content) const {
        const std::string name = dir / "exabgp.pid";
        std::ofstream(name) << content;
        return name;
    }
};

IdentityMethod method_of(InstanceFinder& finder, const Pipes& pipes) {
    return finder.find(pipes.file).method;
}

}  // namespace

TEST_CASE("a name gives the same UUID each time, another name another, of version 5") {
    CHECK(uuid_of_name("a") == uuid_of_name("a"));
    CHECK(uuid_of_name("a") != uuid_of_name("b"));
    CHECK(uuid_of_name("a").size() == 36);
    CHECK(uuid_of_name("a")[14] == '5');
}

TEST_CASE("the parent of whoever reads the command pipe is ExaBGP, whichever helper that is") {
    const Pipes pipes;
    InstanceFinder finder("", std::nullopt);
    std::string first;
    {
        const ChildProcess relay = pipes.relay();
        REQUIRE(eventually([&] { return method_of(finder, pipes) == IdentityMethod::Process; }));
        first = finder.find(pipes.file).uuid;
        CHECK(finder.find_again(pipes.file).uuid == first);
    }
    finder.on_death();
    const ChildProcess next = pipes.relay();
    REQUIRE(eventually([&] { return method_of(finder, pipes) == IdentityMethod::Process; }));
    CHECK(finder.find(pipes.file).uuid == first);
    CHECK(finder.problem().empty());
}

TEST_CASE("two readers of the command pipe are told, and neither is believed") {
    const Pipes pipes;
    InstanceFinder finder("", std::nullopt);
    const ChildProcess one = pipes.relay();
    const ChildProcess two = pipes.relay();
    REQUIRE(eventually([&] {
        static_cast<void>(finder.find(pipes.file));
        return !finder.problem().empty();
    }));
    CHECK(finder.problem().find("both read the command pipe") != std::string::npos);
    CHECK(method_of(finder, pipes) == IdentityMethod::Counted);
}

TEST_CASE("a pid file counts while it names a process that is older than the file") {
    const Pipes pipes;
    const std::string name = pipes.pidfile(std::to_string(getpid()));
    InstanceFinder finder(name, std::nullopt);
    CHECK(method_of(finder, pipes) == IdentityMethod::Pidfile);
    CHECK(finder.find(pipes.file).uuid == finder.find_again(pipes.file).uuid);

    std::filesystem::last_write_time(
        name, std::filesystem::file_time_type::clock::now() - std::chrono::hours(24 * 365 * 10));
    CHECK(method_of(finder, pipes) == IdentityMethod::Counted);
    CHECK(finder.problem().find("is younger than the file") != std::string::npos);
    for (const char* content : {"", "exabgp", "99999999"}) {
        CAPTURE(content);
        finder.set_pidfile(pipes.pidfile(content));
        CHECK(method_of(finder, pipes) == IdentityMethod::Counted);
        CHECK_FALSE(finder.problem().empty());
    }
}

TEST_CASE("where nobody can be seen, each death makes the next one another") {
    const Pipes pipes;
    InstanceFinder finder("", std::nullopt);
    const std::string first = finder.find(pipes.file).uuid;
    CHECK(finder.find(pipes.file).uuid == first);
    finder.on_death();
    const std::string second = finder.find(pipes.file).uuid;
    CHECK(second != first);
    CHECK(finder.find_again(pipes.file).uuid == second);

    // What an earlier run knew goes on, unless the host has started since.
    const HealthMonitor::Known known{first, std::chrono::system_clock::now()};
    InstanceFinder later("", known);
    CHECK(later.find(pipes.file).uuid == first);
    InstanceFinder after_boot("", HealthMonitor::Known{first, WallTime()});
    CHECK(after_boot.find(pipes.file).uuid != first);
}
