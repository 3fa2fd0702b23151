// SPDX-License-Identifier: BSD-3-Clause
#include "tests/promises/observation.hpp"

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <thread>

#include <nlohmann/json.hpp>

#include "tests/support/harness/test_client.hpp"

namespace exapulse::test {

namespace {

using std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr std::chrono::milliseconds sample_interval = 100ms;

/// Work of this much CPU time that takes longer than that shows a machine that is too busy.
constexpr std::chrono::milliseconds measured_work = 4ms;
constexpr std::chrono::milliseconds longest_work = 20ms;
/// Before and after such work the machine is taken to be busy as well.
constexpr std::chrono::milliseconds around = 400ms;

void work_for_a_moment() {
    const auto cpu_time = [] {
        timespec time{};
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
        return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
    };
    const auto end = cpu_time() + measured_work;
    while (cpu_time() < end) continue;
}

/// 0 if there is no such process.
std::size_t open_files_of(pid_t pid) {
    std::error_code gone;
    std::size_t count = 0;
    std::filesystem::directory_iterator file("/proc/" + std::to_string(pid) + "/fd", gone);
    for (; !gone && file != std::filesystem::end(file); file.increment(gone)) ++count;
    return count;
}

std::size_t resident_kib_of(pid_t pid) {
    std::ifstream status("/proc/" + std::to_string(pid) + "/status");
    for (std::string word; status >> word;)
        if (std::size_t kib = 0; word == "VmRSS:" && status >> kib) return kib;
    return 0;
}

}  // namespace

void observe_process(const Setting& setting, const TestedDaemon& daemon) {
    while (!setting.over) {
        const Time before = steady_clock::now();
        std::this_thread::sleep_for(sample_interval);
        work_for_a_moment();
        const Time now = steady_clock::now();
        if (now - before > sample_interval + longest_work)
            setting.recorder.add({FaultKind::Busy, before - around, now + around});
        const pid_t pid = daemon.pid();
        if (pid == 0) continue;
        const Sample sample{now, resident_kib_of(pid), open_files_of(pid)};
        if (sample.memory_kib != 0) setting.recorder.add(sample);
    }
}

void observe_clients(const Setting& setting) {
    constexpr std::chrono::milliseconds pause = 300ms;
    std::optional<TestClient> client;
    while (!setting.over) {
        std::this_thread::sleep_for(pause);
        if (!client) client = TestClient::try_connect(setting.socket);
        if (!client) continue;
        const Answer answer = client->command("sidecar clients", 5s);
        if (answer.terminator.empty()) client.reset();
        if (answer.terminator != "done" || answer.lines.size() != 1) continue;
        ClientsSample sample;
        for (const auto& one : nlohmann::json::parse(answer.lines[0])) {
            ++sample.clients;
            sample.pending = std::max(sample.pending, one["pending"].get<std::size_t>());
            sample.backlog = std::max(sample.backlog, one["backlog"].get<std::size_t>());
        }
        setting.recorder.add(sample);
    }
}

}  // namespace exapulse::test
