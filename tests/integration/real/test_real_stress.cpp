// SPDX-License-Identifier: BSD-3-Clause
// Many clients on a real ExaBGP: every answer is its asker's own, nothing is carried out twice.
#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <mutex>
#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include <doctest/doctest.h>

#include "tests/integration/real/real_stage.hpp"

using namespace exapulse::test;
using namespace std::chrono_literals;

TEST_SUITE_BEGIN("real exabgp only");

namespace {

using Clock = std::chrono::steady_clock;

constexpr int stress_clients = 32;

/// EXAPULSE_STRESS_SECONDS, or 20.
std::chrono::seconds stress_time() {
    const char* seconds = std::getenv("EXAPULSE_STRESS_SECONDS");
    return std::chrono::seconds(seconds == nullptr ? 20 : std::atoi(seconds));
}

std::string prefix_of(int client, int number) {
    return "10." + std::to_string(100 + client) + "." + std::to_string(number / 256) + "." +
           std::to_string(number % 256) + "/32";
}

/// A neighbor that a client has for itself: no name of one begins with that of another, for
/// `show adj-rib out` finds them by their beginning.
std::string own_neighbor(int client) {
    return "127.0.1." + std::to_string(101 + client);
}

std::string own_neighbors() {
    std::string blocks;
    for (int client = 0; client < stress_clients; ++client)
        blocks += passive_neighbor(own_neighbor(client));
    return blocks;
}

/// What all clients together saw.
class StressTally {
  public:
    void count(bool right, const std::string& command, const Answer& answer) {
        ++commands;
        if (right || ++wrong > 5) return;
        std::ostringstream text;
        text << command << " -> " << answer << "\n";
        const std::lock_guard lock(mutex_);
        first_wrongs_ += text.str();
    }
    [[nodiscard]] std::string first_wrongs() const {
        const std::lock_guard lock(mutex_);
        return first_wrongs_;
    }

    std::atomic<int> commands = 0, wrong = 0;

  private:
    mutable std::mutex mutex_;
    std::string first_wrongs_;
};

/// One client: asks what only it would ask, and looks whether the answer is the one to it.
class Asker {
  public:
    Asker(const RealStage& stage, int number, StressTally& tally)
        : stage_(stage), number_(number), tally_(tally), client_(stage.service->client()) {}

    void live(Clock::time_point end) {
        for (; Clock::now() < end; ++rounds_) {
            const std::string prefix = prefix_of(number_, rounds_);
            expect_done(for_bird("announce", prefix));
            if (stage_.exabgp->has_pipes())
                ask_about_own_neighbor(prefix);
            else
                ask_for_own_error();
            expect(stage_.spelled("version"), [](const Answer& answer) {
                return answer.terminator == "done" && answer.lines.size() == 1 &&
                       answer.lines[0].find("exabgp") != std::string::npos;
            });
            expect("no such command", [](const Answer& answer) {
                return answer == Answer{{}, "error"};
            });
        }
    }

    void withdraw_all() {
        for (int i = 0; i < rounds_; ++i) expect_done(for_bird("withdraw", prefix_of(number_, i)));
    }

    [[nodiscard]] int rounds() const { return rounds_; }

  private:
    template <typename Judge>
    void expect(const std::string& command, Judge&& right) {
        const Answer answer = client_.command(command, 60s);
        tally_.count(right(answer), command, answer);
    }
    void expect_done(const std::string& command) {
        expect(stage_.spelled(command), [](const Answer& answer) {
            return answer == Answer{{}, "done"};
        });
    }

    /// What this neighbor is to be told is this round's prefix and nothing else.
    void ask_about_own_neighbor(const std::string& prefix) {
        const std::string own = own_neighbor(number_);
        const std::string route = " route " + prefix + " next-hop 10.9.9.9";
        expect_done("neighbor " + own + " announce" + route);
        expect("show adj-rib out " + own, [&](const Answer& answer) {
            return answer.terminator == "done" && answer.lines.size() == 1 &&
                   answer.lines[0].find(own + " ") != std::string::npos &&
                   answer.lines[0].find(" " + prefix) != std::string::npos;
        });
        expect_done("neighbor " + own + " withdraw" + route);
    }

    /// ExaBGP 6 says what it can't parse.
    void ask_for_own_error() {
        const std::string route =
            "bad-" + std::to_string(number_) + "-" + std::to_string(rounds_) + "x";
        expect("peer * announce route " + route, [&](const Answer& answer) {
            return answer.terminator == "error" && answer.lines.size() == 1 &&
                   answer.lines[0].find(route) != std::string::npos;
        });
    }

    const RealStage& stage_;
    int number_;
    StressTally& tally_;
    TestClient client_;
    int rounds_ = 0;
};

template <typename Life>
void at_once(std::size_t count, Life&& life) {
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < count; ++i) threads.emplace_back([&life, i] { life(i); });
    for (std::thread& thread : threads) thread.join();
}

/// Whether each of `prefixes` is there exactly once, and no other.
bool once_each(const std::map<std::string, int>& times, const std::set<std::string>& prefixes) {
    if (times.size() != prefixes.size()) return false;
    for (const auto& [prefix, count] : times)
        if (count != 1 || !prefixes.contains(prefix)) return false;
    return true;
}

/// How the announces of a flood ended, by their prefixes.
struct Endings {
    std::set<std::string> done, unknown, not_sent;
    int other = 0;

    void add(const std::string& prefix, const Answer& answer) {
        const std::string text = answer.lines.size() == 1 ? answer.lines[0] : "";
        if (answer == Answer{{}, "done"})
            done.insert(prefix);
        else if (text.starts_with("error: outcome-unknown: "))
            unknown.insert(prefix);
        else if (text.starts_with("error: not-sent: "))
            not_sent.insert(prefix);
        else
            ++other;
    }
};

/// Eight clients announce to BIRD, one route after another, while `meddle` does its worst.
template <typename Meddle>
Endings flood(const RealStage& stage, Meddle&& meddle) {
    Endings endings;
    std::mutex mutex;
    std::atomic<bool> over = false;
    std::vector<std::thread> clients;
    for (int number = 0; number < 8; ++number)
        clients.emplace_back([&, number] {
            TestClient client = stage.service->client();
            for (int i = 0; !over; ++i) {
                const std::string prefix = prefix_of(number, i);
                const Answer answer =
                    client.command(stage.spelled(for_bird("announce", prefix)), 60s);
                const std::lock_guard lock(mutex);
                endings.add(prefix, answer);
            }
        });
    const auto await_done = [&](std::size_t count) {
        return eventually(
            [&] {
                const std::lock_guard lock(mutex);
                return endings.done.size() >= count;
            },
            start_time);
    };
    CHECK(await_done(50));  // it flows
    meddle();
    over = true;
    for (std::thread& client : clients) client.join();
    return endings;
}

/// Whether ExaBGP's log has a line for all that was done: a kill -9 takes what it had not written.
enum class Log { Whole, CutShort };

/// What ExaBGP says it carried out is what the clients were told.
void check_told(const RealStage& stage, const Endings& endings, Log log) {
    const auto announced = stage.announced();
    int twice = 0, lost = 0, against_the_word = 0;
    for (const auto& [prefix, times] : announced) twice += times > 1 ? 1 : 0;
    for (const auto& prefix : endings.done) lost += announced.contains(prefix) ? 0 : 1;
    for (const auto& prefix : endings.not_sent)
        against_the_word += announced.contains(prefix) ? 1 : 0;
    CHECK(twice == 0);
    if (log == Log::Whole) CHECK(lost == 0);
    CHECK(against_the_word == 0);
    CHECK(endings.other == 0);
    CHECK(endings.done.size() > 10);
    MESSAGE("ExaBGP " << stage.exabgp->dialect() << ": " << endings.done.size() << " done, "
                      << endings.unknown.size() << " outcome-unknown, " << endings.not_sent.size()
                      << " not sent, " << announced.size() << " carried out, " << twice
                      << " twice");
}

bool within(const std::set<std::string>& part, const std::set<std::string>& whole) {
    return std::includes(whole.begin(), whole.end(), part.begin(), part.end());
}

}  // namespace

TEST_CASE("32 clients: each gets its own answers, and BIRD each route once") {
    const RealStage stage(own_neighbors());
    StressTally tally;
    std::vector<Asker> askers;
    for (int number = 0; number < stress_clients; ++number)
        askers.emplace_back(stage, number, tally);
    const auto end = Clock::now() + stress_time();
    at_once(askers.size(), [&](std::size_t i) { askers[i].live(end); });

    std::set<std::string> prefixes;
    for (int number = 0; number < stress_clients; ++number)
        for (int i = 0; i < askers[static_cast<std::size_t>(number)].rounds(); ++i)
            prefixes.insert(prefix_of(number, i));
    const int count = static_cast<int>(prefixes.size());
    CHECK(count >= stress_clients);
    CHECK(eventually([&] { return stage.bird.received().updates >= count; }, start_time));
    CHECK(stage.bird.routes() == prefixes);
    CHECK(stage.bird.received().updates == count);
    CHECK(once_each(stage.announced(), prefixes));

    at_once(askers.size(), [&](std::size_t i) { askers[i].withdraw_all(); });
    // ExaBGP 6 answers at once and takes its time to tell BIRD: some 150 withdraws in a second.
    CHECK(eventually([&] { return stage.bird.routes().empty(); }, start_time + count * 20ms));
    CHECK(stage.bird.received().withdraws == count);
    CHECK(once_each(stage.withdrawn(), prefixes));
    CHECK_MESSAGE(tally.wrong == 0, tally.first_wrongs());
    MESSAGE("ExaBGP " << stage.exabgp->dialect() << ": " << tally.commands.load() << " commands, "
                      << tally.wrong.load() << " wrong answers; at BIRD " << count << " routes, "
                      << stage.bird.received().updates << " updates, "
                      << stage.bird.received().withdraws << " withdraws");
}

TEST_CASE("three reloads in a flood of announces: BIRD has each route that is done, none twice") {
    const RealStage stage;
    if (stage.exabgp->dialect() != "4.2") {
        // Their reactor/loop.py rearms the signal and goes on while updates wait to be sent.
        MESSAGE("5.0 and 6.0 forget a reload that comes in a flood: there is nothing to see");
        return;
    }
    Subscription events = stage.service->subscribe("disconnected reconnected");
    const Endings endings = flood(stage, [&] {
        for (int i = 0; i < 3; ++i) {
            stage.exabgp->bounce();
            CHECK(events.next("reconnected", start_time)["type"] == "reconnected");
        }
    });
    check_told(stage, endings, Log::Whole);
    CHECK(eventually([&] { return within(endings.done, stage.bird.routes()); }, start_time));
    std::set<std::string> possible = endings.done;
    possible.insert(endings.unknown.begin(), endings.unknown.end());
    CHECK(within(stage.bird.routes(), possible));
}

TEST_CASE("kill -9 in a flood of announces: nothing reaches the next ExaBGP twice") {
    const RealStage stage;
    Subscription events = stage.service->subscribe("disconnected restarted");
    const Endings endings = flood(stage, [&] {
        stage.exabgp->kill();
        CHECK(events.next("disconnected")["type"] == "disconnected");
        stage.exabgp->start();
        CHECK(events.next("restarted", start_time)["type"] == "restarted");
        stage.await_session();
    });
    check_told(stage, endings, Log::CutShort);
}

TEST_SUITE_END();
