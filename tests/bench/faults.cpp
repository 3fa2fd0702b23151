// SPDX-License-Identifier: BSD-3-Clause
// `faults [COMMANDS [SEED]]`: many clients of a real exapulsed, over its socket, on a simulated
// ExaBGP that makes every mistake we know of, hangs up, hangs, is killed and restarts; exapulsed is
// killed as well. No answer may be another's, each command gets one verdict, and none is written
// twice. The same SEED makes the same choices; how they interleave is up to the machine.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <vector>

#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/support/harness/child_process.hpp"
#include "tests/support/harness/temp_dir.hpp"
#include "tests/support/harness/test_client.hpp"
#include "tests/support/simulator/reaction.hpp"
#include "tests/support/socket_simulator/exabgp_simulator.hpp"

using namespace exapulse::test;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t client_count = 32;
constexpr std::size_t longest_batch = 64;
/// Of each third of the commands: what part of them ExaBGP answers wrongly. After a mistake
/// exapulsed writes 10,000 commands one by one, so only the last is mostly windows.
constexpr double mistakes[]{1.0 / 200, 1.0 / 5'000, 1.0 / 50'000};

enum class End : std::uint8_t { Open, Done, Error, NotSent, Unknown, CutOff };

/// ExaBGP takes all but one in seven.
bool is_bad(std::size_t id) {
    return id % 7 == 3;
}
std::string route_of(std::size_t id) {
    return is_bad(id) ? fmt::format("x{} next-hop 192.0.2.1", id)
                      : fmt::format("10.{}.{}.{}/32 next-hop 192.0.2.1", id >> 16 & 255,
                                    id >> 8 & 255, id & 255);
}
std::string command_of(std::size_t id) {
    return "peer * announce route " + route_of(id) + fmt::format(" med {}", id);
}

/// What all clients together saw.
struct Tally {
    explicit Tally(std::size_t commands) : ends(commands) {}

    std::vector<End> ends;  // by command; each is written by one client only
    std::atomic<std::size_t> next = 0, wrong = 0, foreign = 0;
    std::mutex mutex;
    std::string first_wrongs;  // guarded by mutex

    [[nodiscard]] std::size_t count(End end) const {
        return static_cast<std::size_t>(std::count(ends.begin(), ends.end(), end));
    }
    void complain(std::size_t id, const Answer& answer) {
        if (++wrong > 5) return;
        std::string text = command_of(id) + " ->";
        for (const std::string& line : answer.lines) text += " " + line + " |";
        const std::lock_guard lock(mutex);
        first_wrongs += text + " " + answer.terminator + "\n";
    }
};

End judge(std::size_t id, Answer answer, Tally& tally) {
    const auto foreign =
        std::remove(answer.lines.begin(), answer.lines.end(), std::string(foreign_line));
    if (foreign != answer.lines.end()) ++tally.foreign;
    answer.lines.erase(foreign, answer.lines.end());
    const std::string own =
        fmt::format("error: Could not parse route: route {} med {}", route_of(id), id);
    if (!is_bad(id) && answer == Answer{{}, "done"}) return End::Done;
    if (is_bad(id) && answer == Answer{{own}, "error"}) return End::Error;
    const std::string last = answer.lines.empty() ? "" : answer.lines.back();
    // One that was lost may have brought its data already, and then only its own.
    const bool pure = std::all_of(answer.lines.begin(), answer.lines.end(),
                                  [&](const auto& line) { return line == own || line == last; });
    if (answer.terminator == "error" && pure && last.starts_with("error: not-sent: "))
        return End::NotSent;
    if (answer.terminator == "error" && pure && last.starts_with("error: outcome-unknown: "))
        return End::Unknown;
    tally.complain(id, answer);
    return End::Open;
}

/// One client after another: batches of commands, and now and then one leaves without its answers.
void live(const std::string& socket, std::uint64_t seed, Tally& tally) {
    std::mt19937_64 random(seed);
    TestClient client = TestClient::connect_when_served(socket, 60s);
    for (;;) {
        const std::size_t batch = 1 + random() % longest_batch;
        const bool leaves = random() % 100 == 0;
        const std::size_t first = tally.next.fetch_add(batch);
        const std::size_t end = std::min(first + batch, tally.ends.size());
        if (first >= end) return;
        std::string lines;
        for (std::size_t id = first; id < end; ++id) lines += command_of(id) + "\n";
        bool cut_off = !client.send_raw(lines) || leaves;
        for (std::size_t id = first; id < end; ++id) {
            const Answer answer = cut_off ? Answer{} : client.read_answer(5min);
            cut_off = cut_off || answer.terminator.empty();
            tally.ends[id] = cut_off ? End::CutOff : judge(id, answer, tally);
        }
        if (cut_off) client = TestClient::connect_when_served(socket, 60s);
    }
}

/// exapulsed with a short deadline, so that a late answer is late soon.
class Daemon {
  public:
    explicit Daemon(const std::string& upstream) {
        dir_.write("exapulse.toml", "[commands]\nhold = \"30s\"\ndeadline = \"1s\"\n");
        argv_ = {require_environment("EXAPULSED"),
                 "--config",
                 dir_ / "exapulse.toml",
                 "--socket",
                 socket(),
                 "--state-dir",
                 dir_ / "state",
                 "--upstream",
                 upstream,
                 "--interval",
                 "1s",
                 "--log-level",
                 "error"};
        start();
    }
    [[nodiscard]] std::string socket() const { return dir_ / "exapulse.sock"; }
    void start() { process_ = std::make_unique<ChildProcess>(argv_); }
    void kill() {
        process_->signal(SIGKILL);
        static_cast<void>(process_->wait_exit());
        start();
    }
    [[nodiscard]] int end() {
        process_->signal(SIGTERM);
        return process_->wait_exit().value_or(-1);
    }
    [[nodiscard]] std::string log() const { return process_->stderr_text(); }

  private:
    TempDir dir_;
    std::vector<std::string> argv_;
    std::unique_ptr<ChildProcess> process_;
};

/// What befalls ExaBGP and, now and then, exapulsed.
class Chaos {
  public:
    Chaos(ExabgpSimulator& exabgp, Daemon& daemon, std::uint64_t seed)
        : exabgp_(exabgp), daemon_(daemon), random_(seed) {}

    void strike() {
        ++strikes;
        if (random_() % 16 == 0) {
            ++kills;
            return daemon_.kill();
        }
        switch (random_() % 5) {
            case 0:
                return exabgp_.bounce(20ms);
            case 1:
                return exabgp_.restart(true, 100ms);
            case 2:
                exabgp_.crash();
                return exabgp_.start();
            case 3:  // a burst of answers when it goes on, in time or too late
                exabgp_.silence(true);
                std::this_thread::sleep_for(std::chrono::milliseconds(random_() % 2'000));
                return exabgp_.silence(false);
            default:
                return exabgp_.set_chunking(random_() % 2 == 0 ? 0 : 1'000 + random_() % 5'000);
        }
    }

    std::size_t strikes = 0, kills = 0;

  private:
    ExabgpSimulator& exabgp_;
    Daemon& daemon_;
    std::mt19937_64 random_;
};

/// How often each command reached ExaBGP.
void read_journal(ExabgpSimulator& exabgp, std::vector<std::uint8_t>& written) {
    for (const ReceivedLine& line : exabgp.take_history()) {
        const auto med = line.text.rfind(" med ");
        if (!line.text.starts_with("peer * announce ") || med == std::string::npos) continue;
        const std::size_t id = std::stoul(line.text.substr(med + 5));
        written.at(id) = static_cast<std::uint8_t>(written[id] + 1);
    }
}

int run(std::size_t commands, std::uint64_t seed) {
    std::printf("%zu commands, %zu clients, seed %llu\n", commands, client_count,
                static_cast<unsigned long long>(seed));
    std::fflush(stdout);
    const TempDir dir;
    ExabgpSimulator exabgp(dir / "exabgp.sock");
    exabgp.set_faults(seed, 0);
    Daemon daemon(exabgp.path());
    Tally tally(commands);
    std::vector<std::uint8_t> written(commands);
    const auto start = std::chrono::steady_clock::now();
    std::vector<std::thread> clients;
    for (std::size_t i = 1; i <= client_count; ++i)
        clients.emplace_back([&, i] { live(daemon.socket(), seed * 1'000 + i, tally); });
    Chaos chaos(exabgp, daemon, seed);
    std::size_t part = std::size(mistakes);
    for (std::size_t done = 0; done < commands; done = tally.next) {
        const std::size_t now = done * std::size(mistakes) / commands;
        if (part != now) exabgp.set_mistakes(mistakes[part = now], 1'500ms);
        std::this_thread::sleep_for(500ms);
        chaos.strike();
        read_journal(exabgp, written);
    }
    exabgp.set_mistakes(0, 0ms);
    for (std::thread& client : clients) client.join();
    const int status = daemon.end();
    read_journal(exabgp, written);

    std::size_t twice = 0, lost = 0, against_the_word = 0;
    for (std::size_t id = 0; id < commands; ++id) {
        const End end = tally.ends[id];
        if (written[id] > 1) ++twice;
        if (written[id] == 0 && (end == End::Done || end == End::Error)) ++lost;
        if (written[id] > 0 && end == End::NotSent) ++against_the_word;
    }
    const std::size_t open = tally.count(End::Open) - tally.wrong;
    std::printf(
        "%.0f s, %zu strikes, exapulsed killed %zu times\n"
        "done %zu, error %zu, not-sent %zu, outcome-unknown %zu, client cut off or left %zu\n"
        "wrong answers %zu, without a verdict %zu, written twice %zu, answered and never written "
        "%zu, not-sent and written %zu, with a foreign line %zu\n",
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(),
        chaos.strikes, chaos.kills, tally.count(End::Done), tally.count(End::Error),
        tally.count(End::NotSent), tally.count(End::Unknown), tally.count(End::CutOff),
        tally.wrong.load(), open, twice, lost, against_the_word, tally.foreign.load());
    if (status != 0) std::printf("exapulsed ended with %d\n%s", status, daemon.log().c_str());
    std::fputs(tally.first_wrongs.c_str(), stdout);
    const bool sound = tally.wrong + open + twice + lost + against_the_word == 0;
    return sound && status == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
    doctest::Context context;
    context.setAsDefaultForAssertsOutOfTestCases();
    const std::size_t commands = argc > 1 ? std::stoul(argv[1]) : 100'000;
    return run(commands, argc > 2 ? std::stoull(argv[2]) : std::random_device()());
}
