// SPDX-License-Identifier: BSD-3-Clause
// `routes [ROUTES [ROUNDS [ON_EXABGP]]]`: what kept routes cost. On an upstream that answers at
// once: a kept announce against a plain one, the memory of each route, and how long another
// client's command takes during a replay. On a real ExaBGP, which EXABGP_HOME and EXABGP_PYTHON
// name: the replay of ON_EXABGP, by default a tenth of them, against announcing them one by one.
#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/integration/attach.hpp"
#include "tests/support/harness/child_process.hpp"
#include "tests/support/harness/exabgp_under_test.hpp"
#include "tests/support/harness/temp_dir.hpp"

using namespace exapulse::test;
using namespace std::chrono_literals;

namespace {

using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

constexpr auto longest_wait = std::chrono::minutes(10);

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

double at_percent(std::vector<double> values, std::size_t percent) {
    std::sort(values.begin(), values.end());
    return values[std::min(values.size() - 1, values.size() * percent / 100)];
}

/// In KiB.
double resident(pid_t pid) {
    std::ifstream status(fmt::format("/proc/{}/status", pid));
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("VmRSS:")) return std::stod(line.substr(6));
    return 0;
}

/// Announces of so many routes, or their withdrawals.
std::string batch_of(std::string_view verb, std::size_t count) {
    std::string lines;
    for (std::size_t i = 0; i < count; ++i)
        lines += fmt::format("{} route 10.{}.{}.{}/32 next-hop 10.9.9.9\n", verb, i / 65'536,
                             i / 256 % 256, i % 256);
    return lines;
}

double seconds_of(const Service& service, const std::vector<std::string>& words) {
    std::vector<std::string> argv{require_environment("EXAPULSE"), "--socket", service.socket(),
                                  "run"};
    argv.insert(argv.end(), words.begin(), words.end());
    const auto begin = Clock::now();
    ChildProcess client(argv);
    if (client.wait_exit(longest_wait) != 0)
        throw std::runtime_error("exapulse failed:\n" + client.stderr_text());
    return Seconds(Clock::now() - begin).count();
}

/// How long the commands of another client take, one after another, until `replayed` comes.
std::vector<double> commands_during_replay(const Service& service, const std::string& command,
                                           Subscription& events, Json& replayed) {
    TestClient client = service.client();
    std::vector<double> milliseconds;
    for (;;) {
        const auto begin = Clock::now();
        if (client.command(command).terminator != "done")
            throw std::runtime_error("ExaBGP does not answer");
        milliseconds.push_back(Seconds(Clock::now() - begin).count() * 1e3);
        if (service.status()["routes"]["replaying"].is_null() && milliseconds.size() > 10) break;
    }
    replayed = events.next("replayed", longest_wait);
    return milliseconds;
}

void on_instant_upstream(std::size_t routes, int rounds) {
    const TempDir dir;
    ChildProcess upstream({require_environment("INSTANT_UPSTREAM"), "exabgp", dir / "exabgp.sock"});
    Service service(dir / "exabgp.sock", {"[log]\nlevel = \"error\"\n", "1h", {}, {}});
    service.await("up");
    const std::string announce = dir.write("announce", batch_of("announce", routes));
    const std::string withdraw = dir.write("withdraw", batch_of("withdraw", routes));
    const auto clear = [&] { static_cast<void>(seconds_of(service, {"--batch", withdraw})); };
    std::vector<double> plain, kept, ratios;
    for (int i = 0; i < rounds; ++i) {
        plain.push_back(seconds_of(service, {"--batch", announce}));
        clear();
        kept.push_back(seconds_of(service, {"--keep", "--batch", announce}));
        ratios.push_back(plain.back() / kept.back());
        clear();
    }
    service.restart(SIGTERM);
    service.await("up");
    const pid_t pid = service.process().pid();
    const double before = resident(pid);
    static_cast<void>(seconds_of(service, {"--keep", "--batch", announce}));
    const double each = (resident(pid) - before) * 1024 / static_cast<double>(routes);
    Subscription events = service.subscribe("replayed");
    static_cast<void>(events.next("state"));
    upstream.signal(SIGUSR2);
    Json replayed;
    const auto times = commands_during_replay(service, "peer list", events, replayed);
    const auto rate = [&](double seconds) { return static_cast<double>(routes) / seconds; };
    fmt::print("\n## {} routes on an upstream that answers at once\n\n", routes);
    fmt::print("| | |\n| --- | --- |\n");
    fmt::print("| plain announces | {:.0f}/s |\n", rate(median(plain)));
    fmt::print("| kept announces | {:.0f}/s, {:.2f} x plain |\n", rate(median(kept)),
               median(ratios));
    fmt::print("| memory of a kept route | {:.0f} B |\n", each);
    fmt::print("| replay | {:.0f}/s |\n", rate(replayed["took_ms"].get<double>() / 1e3));
    fmt::print("| another client's command meanwhile | p50 {:.1f} ms, p99 {:.1f} ms |\n",
               at_percent(times, 50), at_percent(times, 99));
}

void on_real_exabgp(std::size_t routes) {
    const TempDir dir;
    const auto exabgp = real_exabgp(dir.path());
    const auto service = attach(*exabgp, slow_ticks, "[log]\nlevel = \"error\"\n");
    const std::string announce = dir.write("announce", batch_of("announce", routes));
    const std::string withdraw = dir.write("withdraw", batch_of("withdraw", routes));
    double plain = 0;
    for (int i = 0; i < 2; ++i) {  // the first time ExaBGP is quicker than ever after
        plain = seconds_of(*service, {"--batch", announce});
        static_cast<void>(seconds_of(*service, {"--batch", withdraw}));
    }
    const double one_by_one = seconds_of(*service, {"--keep", "--batch", announce});
    Subscription events = service->subscribe("replayed");
    static_cast<void>(events.next("state"));
    exabgp->kill();
    exabgp->start();
    Json replayed;
    while (service->status()["state"] != "up") std::this_thread::sleep_for(50ms);
    const auto times =
        commands_during_replay(*service, spelled(*exabgp, "version"), events, replayed);
    const double replay = replayed["took_ms"].get<double>() / 1e3;
    fmt::print("\n## {} routes on ExaBGP {}\n\n| | |\n| --- | --- |\n", routes, real_dialect());
    fmt::print("| announced one by one | {:.1f} s |\n", plain);
    fmt::print("| the same, kept | {:.1f} s, {:.2f} of the rate |\n", one_by_one,
               plain / one_by_one);
    fmt::print("| replay | {:.1f} s, {:.2f} x |\n", replay, replay / one_by_one);
    fmt::print("| another client's command meanwhile | p50 {:.1f} ms, p99 {:.1f} ms |\n",
               at_percent(times, 50), at_percent(times, 99));
}

}  // namespace

int main(int argc, char** argv) {
    doctest::Context context;
    context.setAsDefaultForAssertsOutOfTestCases();
    const std::size_t routes = argc > 1 ? std::stoul(argv[1]) : 100'000;
    on_instant_upstream(routes, argc > 2 ? std::stoi(argv[2]) : 3);
    std::fflush(stdout);
    on_real_exabgp(argc > 3 ? std::stoul(argv[3]) : routes / 10);
}
