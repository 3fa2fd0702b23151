// SPDX-License-Identifier: BSD-3-Clause
// `history [EVENTS [PEERS]]`: a history of 90 days, and what it costs to ask for it: the median of
// several runs of `exapulse`, its own CPU time and memory, and the memory of exapulsed.
#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <spawn.h>
#include <stdexcept>
#include <string>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/integration/long_history.hpp"
#include "tests/integration/service.hpp"

using namespace exapulse::test;

namespace {

using Clock = std::chrono::steady_clock;
using Milliseconds = std::chrono::duration<double, std::milli>;

struct Cost {
    double wall_ms, cpu_ms;
    long kilobytes;
};

/// One run of exapulse with its output thrown away.
Cost run(const Service& service, const std::vector<std::string>& words) {
    std::vector<std::string> all{require_environment("EXAPULSE"), "--socket", service.socket()};
    all.insert(all.end(), words.begin(), words.end());
    std::vector<char*> argv;
    for (std::string& word : all) argv.push_back(word.data());
    argv.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    const auto start = Clock::now();
    pid_t pid = -1;
    if (posix_spawn(&pid, argv[0], &actions, nullptr, argv.data(), environ) != 0)
        throw std::runtime_error("exapulse does not start");
    int status = 0;
    rusage usage{};
    wait4(pid, &status, 0, &usage);
    const double wall = Milliseconds(Clock::now() - start).count();
    posix_spawn_file_actions_destroy(&actions);
    if (status != 0) throw std::runtime_error("exapulse has failed");
    const auto ms = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_usec) / 1e3;
    };
    return {wall, ms(usage.ru_utime) + ms(usage.ru_stime), usage.ru_maxrss};
}

Cost median(const Service& service, const std::vector<std::string>& words) {
    constexpr int rounds = 9;
    std::vector<Cost> costs;
    for (int i = 0; i < rounds; ++i) costs.push_back(run(service, words));
    std::sort(costs.begin(), costs.end(),
              [](const Cost& a, const Cost& b) { return a.wall_ms < b.wall_ms; });
    return costs[rounds / 2];
}

/// In KiB, the most that it has had.
long memory_of(pid_t pid) {
    std::ifstream status(fmt::format("/proc/{}/status", pid));
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("VmHWM:")) return std::atol(line.c_str() + 6);
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    doctest::Context context;
    context.setAsDefaultForAssertsOutOfTestCases();
    const std::size_t events = argc > 1 ? std::stoul(argv[1]) : 26'000;
    const std::size_t peers = argc > 2 ? std::stoul(argv[2]) : 100;
    const TempDir nobody;
    Service service(nobody / "none.sock");
    service.process().signal(SIGTERM);
    if (!service.process().wait_exit()) throw std::runtime_error("exapulsed does not end");
    constexpr auto days = std::chrono::hours(24 * 89);
    add_events(
        service.dir() / "state/history.db", events,
        std::chrono::duration_cast<std::chrono::milliseconds>(days) / static_cast<long>(events),
        peers);
    service.start();
    if (!eventually([&] { return service.status()["history"]["events"].is_number(); }))
        throw std::runtime_error("the history can't be used");
    const long before = memory_of(service.process().pid());
    std::printf("| 89 days, %zu events, %zu peers | ms | CPU of exapulse, ms | its memory, KiB |\n",
                events, peers);
    std::printf("| --- | --- | --- | --- |\n");
    const std::vector<std::vector<std::string>> questions{{"history", "--since", "90d", "--json"},
                                                          {"history", "--since", "90d"},
                                                          {"history", "--peer", "10.0.7.1"},
                                                          {"uptime", "--since", "90d"},
                                                          {"uptime", "--peer", "all"},
                                                          {"uptime", "--peer", "10.0.7.1"}};
    for (const auto& words : questions) {
        const Cost cost = median(service, words);
        std::string text = "exapulse";
        for (const std::string& word : words) text += " " + word;
        std::printf("| %s | %.0f | %.0f | %ld |\n", text.c_str(), cost.wall_ms, cost.cpu_ms,
                    cost.kilobytes);
    }
    std::printf("\nexapulsed: %ld KiB before, %ld KiB at most\n", before,
                memory_of(service.process().pid()));
    return 0;
}
