// SPDX-License-Identifier: BSD-3-Clause
// The CPU time of one `exapulse run version`, user and system, compared with a program that does
// nothing and, if it is installed, Debian's exabgpcli on simulated pipes; in turns of one run. Run
// by `meson test -C build --benchmark`. Exits with 1 beyond the project's limit, which is a ratio,
// since machines differ: 8 times a program that does nothing, 5 ms where that takes 0.65 ms.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <spawn.h>
#include <string>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include "tests/integration/stage.hpp"
#include "tests/support/pipes_simulator/pipes_simulator.hpp"

using namespace exapulse::test;

namespace {

constexpr int rounds = 100;
constexpr int rounds_of_python = 20;
constexpr double most_times_nothing = 8;

double milliseconds_of(const timeval& time) {
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_usec) / 1e3;
}

/// The CPU time in ms of a child that must exit with 0.
double cost(std::vector<std::string> words) {
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    pid_t pid = -1;
    const int error = posix_spawn(&pid, argv[0], &actions, nullptr, argv.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    int status = -1;
    rusage usage{};
    if (error != 0 || wait4(pid, &status, 0, &usage) != pid || status != 0) {
        std::fprintf(stderr, "%s failed\n", words[0].c_str());
        std::exit(1);
    }
    return milliseconds_of(usage.ru_utime) + milliseconds_of(usage.ru_stime);
}

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

/// Debian's client for 4.2 and 5.0; nothing if it is not installed.
void print_cost_of_exabgpcli() {
    const std::string program = "/usr/sbin/exabgpcli";
    if (!std::filesystem::exists(program)) return;
    const TempDir dir;  // where it looks with --root
    std::filesystem::create_directories(dir / "run/exabgp");
    const PipesSimulator pipes(dir / "run/exabgp/exabgp", exapulse::Dialect::Pipes42);
    std::vector<double> costs;
    for (int i = 0; i < rounds_of_python; ++i)
        costs.push_back(cost({program, "--root", dir.path(), "version"}));
    std::printf("exabgpcli version: %.2f ms\n", median(costs));
}

}  // namespace

int main() {
    doctest::Context context;
    context.setAsDefaultForAssertsOutOfTestCases();
    Stage stage;
    const std::string exapulse = require_environment("EXAPULSE");
    std::vector<double> nothing, run, version;
    for (int i = 0; i < rounds; ++i) {
        nothing.push_back(cost({"/bin/true"}));
        version.push_back(cost({exapulse, "--version"}));
        run.push_back(cost({exapulse, "--socket", stage.service.socket(), "run", "version"}));
    }
    std::printf(
        "CPU, median of %d: exapulse run version %.2f ms, exapulse --version %.2f ms, "
        "/bin/true %.2f ms: %.1f times that\n",
        rounds, median(run), median(version), median(nothing), median(run) / median(nothing));
    print_cost_of_exabgpcli();
    return median(run) < most_times_nothing * median(nothing) ? 0 : 1;
}
