// SPDX-License-Identifier: BSD-3-Clause
#include "tests/promises/run.hpp"

#include <algorithm>
#include <set>
#include <thread>
#include <utility>
#include <vector>

#include "tests/integration/memory_tells.hpp"
#include "tests/promises/chaos.hpp"
#include "tests/promises/clients.hpp"
#include "tests/promises/misbehaving_clients.hpp"
#include "tests/promises/observation.hpp"
#include "tests/promises/subscribers.hpp"

namespace exapulse::test {

namespace {

using std::chrono::steady_clock;
using namespace std::chrono_literals;

/// limits.answer_line of the configuration.
constexpr std::size_t longest_answer_line = 4U << 20;
/// At least; a refusal that waits for the answers before it counts as pending, too.
constexpr std::size_t refusal_bytes = 100;
/// exapulsed without any clients, an answer of ExaBGP's on its way, and what malloc() keeps.
constexpr std::size_t own_memory_kib = 48U << 10;

Bounds bounds_with(const TestedExabgp& exabgp) {
    Bounds bounds;
    bounds.interval = TestedDaemon::interval;
    bounds.attempts = TestedDaemon::attempts;
    bounds.retry = exabgp.longest_retry();
    bounds.silence = exabgp.silence();
    bounds.slack = 1'500ms;
    bounds.turn = 2s;
    bounds.durable = 500ms;
    bounds.clients = TestedDaemon::most_clients + TestedDaemon::most_admin_clients;
    bounds.pending = TestedDaemon::most_pending + TestedDaemon::most_backlog / refusal_bytes;
    bounds.backlog = TestedDaemon::most_backlog + longest_answer_line;
    bounds.descriptors = bounds.clients + 64;
    if (memory_tells) bounds.memory_kib = TestedDaemon::memory_kib + own_memory_kib;
    return bounds;
}

/// The threads of a run, each with a seed of its own.
class Threads {
  public:
    explicit Threads(std::uint64_t seed) : seed_(seed) {}
    ~Threads() { join(); }
    Threads(const Threads&) = delete;
    Threads& operator=(const Threads&) = delete;

    template <typename Work>
    void start(Work work) {
        threads_.emplace_back([work, seed = seed_ * 1'000 + threads_.size()] { work(seed); });
    }
    void join() {
        for (std::thread& thread : threads_) thread.join();
        threads_.clear();
    }

  private:
    std::uint64_t seed_;
    std::vector<std::thread> threads_;
};

/// Each once: a stream that began at a time repeats some.
std::vector<SeenEvent> events_of(const std::vector<Stream>& streams) {
    std::vector<SeenEvent> events;
    std::set<std::pair<std::string, std::uint64_t>> seen;
    for (const Stream& stream : streams)
        for (const SeenEvent& event : stream.events)
            if (event.type == EventType::State || event.type == EventType::Gap ||
                seen.emplace(event.boot, event.seq).second)
                events.push_back(event);
    return events;
}

/// Subscribers, the prompt one first.
void start_subscribers(Threads& threads, Setting& setting, std::vector<SeenEvent>& events) {
    for (const Reading reading :
         {Reading::Prompt, Reading::Fickle, Reading::Slow, Reading::Belatedly})
        threads.start([&setting, &events, reading](std::uint64_t seed) {
            auto streams = subscribe(setting, reading, seed);
            if (reading == Reading::Prompt) events = events_of(streams);
            setting.recorder.add(std::move(streams));
        });
}

void start_clients(Threads& threads, Setting& setting, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
        threads.start([&](std::uint64_t seed) { send_batches(setting, seed); });
    threads.start([&](std::uint64_t) { send_one_by_one(setting); });
    threads.start([&](std::uint64_t seed) { misbehave(setting, seed, observer_uid, false); });
    threads.start([&](std::uint64_t seed) { misbehave(setting, seed, operator_uid, true); });
}

}  // namespace

RunRecord run(const RunOptions& options) {
    Recorder recorder;
    TestedExabgp exabgp(options.dialect, options.seed, recorder);
    TestedDaemon daemon(exabgp.upstream_flags(), options.own_mounts, recorder);
    Setting setting{daemon.socket(), exabgp.has_pipes(), recorder};
    std::vector<SeenEvent> events;  // the prompt subscriber's thread writes it
    const Time from = steady_clock::now();
    Threads subscribers(options.seed + 1), clients(options.seed + 2), observers(options.seed + 3);
    start_subscribers(subscribers, setting, events);
    observers.start([&](std::uint64_t) { observe_process(setting, daemon); });
    observers.start([&](std::uint64_t) { observe_clients(setting); });
    std::this_thread::sleep_for(1s);  // the first ExaBGP is known before anything happens to it
    start_clients(clients, setting, options.clients);

    Chaos chaos(exabgp, daemon, options.seed, !options.exapulsed_stays);
    while (steady_clock::now() < from + options.time ||
           recorder.numbers_taken() < options.commands) {
        chaos.strike();
        exabgp.collect();
        if (daemon.ended_badly()) break;
    }
    setting.ending = true;
    clients.join();
    const Time to = steady_clock::now();
    daemon.settle();
    setting.over = true;
    subscribers.join();
    observers.join();
    auto history = read_history(daemon.socket());
    daemon.end();
    exabgp.end();

    RunRecord record = recorder.take();
    record.bounds = bounds_with(exabgp);
    record.from = from;
    record.to = to;
    record.pipes = exabgp.has_pipes();
    record.events = std::move(events);
    record.history = std::move(history);
    record.log = daemon.log();
    return record;
}

}  // namespace exapulse::test
