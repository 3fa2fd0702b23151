// SPDX-License-Identifier: BSD-3-Clause
// What /proc shows, and what is said of it where it cannot be read.
#include <algorithm>
#include <csignal>
#include <fcntl.h>
#include <optional>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <doctest/doctest.h>

#include "common/file_descriptor.hpp"
#include "daemon/system/process_table.hpp"
#include "tests/support/harness/child_process.hpp"
#include "tests/support/harness/descriptor_limit.hpp"
#include "tests/support/harness/eventually.hpp"
#include "tests/support/harness/temp_dir.hpp"

using namespace exapulse;

namespace {

/// What `look` sees with `spare` descriptors; nullopt if it can see nothing.
template <typename Look>
auto seen_with(unsigned spare, Look look) -> std::optional<decltype(look())> {
    const test::DescriptorLimit limit(spare);
    try {
        return look();
    } catch (const ProcUnreadable&) {
        return std::nullopt;
    }
}

bool lists_this_process(const std::vector<ProcessInfo>& processes) {
    return std::any_of(processes.begin(), processes.end(), [](const ProcessInfo& process) {
        return process.start.pid == getpid() && !process.name.empty() && !process.arguments.empty();
    });
}

}  // namespace

TEST_CASE("a process is alive until it ends, also before its parent has noticed") {
    CHECK_FALSE(process_start(0));
    const pid_t child = fork();
    if (child == 0) {
        pause();
        _exit(0);
    }
    REQUIRE(child > 0);
    const auto start = process_start(child);
    REQUIRE(start.has_value());
    CHECK(life_of(*start) == Life::Alive);
    CHECK(life_of({child, getpid(), start->ticks + 1}) == Life::Ended);
    REQUIRE(kill(child, SIGKILL) == 0);
    siginfo_t ended{};
    REQUIRE(waitid(P_PID, static_cast<id_t>(child), &ended, WEXITED | WNOWAIT) == 0);
    CHECK(life_of(*start) == Life::Ended);
    CHECK_FALSE(process_start(child));
    REQUIRE(waitpid(child, nullptr, 0) == child);
    CHECK(life_of(*start) == Life::Ended);
}

TEST_CASE("without descriptors nothing is seen, rather than less than there is") {
    const test::TempDir dir;
    const std::string path = dir / "pipe";
    REQUIRE(mkfifo(path.c_str(), 0600) == 0);
    struct stat file {};
    REQUIRE(stat(path.c_str(), &file) == 0);
    const test::ChildProcess reader({"sh", "-c", "exec sleep 1000 <>\"$0\"", path});
    REQUIRE(test::eventually([&] { return !pipe_users(file).users.empty(); }));
    const auto start = process_start(getpid());
    REQUIRE(start.has_value());
    const std::string boot = boot_id();
    const bool whole = sees_whole_host();
    for (const unsigned spare : {0U, 1U, 2U, 3U}) {
        CAPTURE(spare);
        const auto processes = seen_with(spare, [] { return all_processes(); });
        const auto users = seen_with(spare, [&] { return pipe_users(file).users; });
        const auto life = seen_with(spare, [&] { return life_of(*start); });
        const auto found = seen_with(spare, [] { return process_start(getpid()); });
        const auto id = seen_with(spare, [] { return boot_id(); });
        const auto all = seen_with(spare, [] { return sees_whole_host(); });
        const auto own = seen_with(spare, [] { return own_pid_of(getpid()); });
        CHECK((!processes || lists_this_process(*processes)));
        CHECK((!users || (users->size() == 1 && users->front().reads)));
        CHECK((!life || *life == Life::Alive));
        CHECK((!found || *found == start));
        CHECK((!id || *id == boot));
        CHECK((!all || *all == whole));
        CHECK((!own || *own == own_pid_of(getpid())));
        CHECK(processes.has_value() == (spare >= 1));
        CHECK(users.has_value() == (spare >= 1));
        CHECK(life.has_value() == (spare >= 1));
        CHECK(id.has_value() == (spare >= 1));
    }
    const test::DescriptorLimit limit(0);
    CHECK(describe_process(getpid()) == "pid " + std::to_string(getpid()));
}
