// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/store/store_thread.hpp"

#include <algorithm>
#include <csignal>
#include <iterator>
#include <pthread.h>
#include <utility>

#include "daemon/system/clock.hpp"

namespace exapulse {

namespace {

using namespace std::chrono_literals;

/// How long records of commands wait for others, so that a busy client costs few transactions.
constexpr Milliseconds commands_pause = 200ms;

/// Signals are for the loop.
void block_signals() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, nullptr);
}

}  // namespace

StoreThread::StoreThread(uv::Loop& loop, std::unique_ptr<EventStore> store,
                         const EventStore::Limits& limits, OnChange on_change)
    : store_(std::move(store)),
      on_change_(std::move(on_change)),
      peers_(limits.peers_pause),
      wakeup_(loop, [this] { deliver_results(); }),
      queue_(limits.queue),
      thread_([this] { run(); }) {}

StoreThread::~StoreThread() {
    {
        const std::lock_guard lock(mutex_);
        ending_ = true;
    }
    work_.notify_one();
    thread_.join();
}

void StoreThread::on_event(const Event& event, const EventPlace& place, const std::string& line) {
    if (auto changes = peers_.on_event(event); !changes.empty()) add_peers(std::move(changes));
    if (event.type == EventType::Peers) return;  // it is a snapshot, and has no number of its own
    StoredEvent stored{
        {std::string(place.boot), place.seq}, event.type, event.time, event.uuid, line};
    {
        const std::lock_guard lock(mutex_);
        events_.add(std::move(stored), queue_);
    }
    work_.notify_one();
}

/// While the disk is busy they gather here, about as many as events do.
void StoreThread::add_peers(PeerRecord::Changes changes) {
    {
        const std::lock_guard lock(mutex_);
        peer_changes_.insert(peer_changes_.end(), changes.begin(), changes.end());
        peers_known_until_ = peers_.known_until();
    }
    work_.notify_one();
}

void StoreThread::on_peers_answer(WallTime now) {
    peers_.on_answer(now);
    const std::lock_guard lock(mutex_);
    peers_known_until_ = now;  // written with what is noted every minute
}

std::optional<WallTime> StoreThread::peers_known_until(WallTime now) const {
    const auto last = peers_.known_until();
    if (last && now - *last <= peers_.longest_pause()) return now;
    return last;
}

void StoreThread::on_record(const AuditRecord& record) {
    StoredCommand stored;
    stored.time = record.time;
    stored.session = record.session;
    stored.uid = record.uid;
    stored.user = record.user;
    stored.pid = record.pid;
    stored.process = record.process;
    stored.command = record.command;
    stored.needed = record.needed;
    stored.verdict = record.verdict;
    stored.why = record.why;
    stored.took = record.took;
    bool wake = false;
    {
        const std::lock_guard lock(mutex_);
        stored.number = ++last_command_;
        const bool first = commands_.empty();
        if (first) commands_due_ = steady_now() + commands_pause;
        commands_.add(std::move(stored), queue_);
        // Not for each: a thread that wakes up costs more than the record.
        const bool half_full = commands_.size() == std::max<std::size_t>(queue_ / 2, 1);
        if (half_full) commands_due_ = {};
        wake = first || half_full;
    }
    if (wake) work_.notify_one();
}

void StoreThread::set_limits(const EventStore::Limits& limits) {
    peers_.set_longest_pause(limits.peers_pause);
    {
        const std::lock_guard lock(mutex_);
        queue_ = limits.queue;
    }
    add_task([limits](EventStore& store) {
        store.set_limits(limits);
        return [] {};
    });
}

void StoreThread::add_task(Task task) {
    {
        const std::lock_guard lock(mutex_);
        tasks_.push_back(std::move(task));
    }
    work_.notify_one();
}

StoreStatus StoreThread::status() const {
    StoreStatus status = status_;
    const std::lock_guard lock(mutex_);
    status.waiting += events_.size();
    return status;
}

bool StoreThread::is_due() const {
    return ending_ || !events_.empty() || !peer_changes_.empty() || !tasks_.empty() ||
           steady_now() >= next_due();
}

TimePoint StoreThread::next_due() const {
    const TimePoint next = store_->next_write();
    return commands_.empty() ? next : std::min(next, commands_due_);
}

void StoreThread::run() {
    block_signals();
    for (bool ending = false; !ending;) {
        std::vector<Task> tasks;
        {
            std::unique_lock lock(mutex_);
            while (!is_due()) work_.wait_until(lock, next_due());
            ending = ending_;
            tasks = std::exchange(tasks_, {});
            events_.take_each([&](StoredEvent event) { store_->add(std::move(event)); });
            store_->add(std::exchange(peer_changes_, {}), peers_known_until_);
            commands_.take_each([&](StoredCommand command) { store_->add(std::move(command)); });
        }
        if (ending) store_->end_pause();
        store_->write(now());
        std::vector<Result> results;
        for (const Task& task : tasks) results.push_back(task(*store_));
        if (const auto lost_since = store_->take_peers_lost())
            results.push_back([this, since = *lost_since] { add_peers(peers_.start_over(since)); });
        for (EventStore::Change& change : store_->take_changes())
            results.push_back([this, reported = std::move(change)] { on_change_(reported); });
        StoreStatus status{store_->state(), store_->problem(), store_->waiting(), store_->bytes(),
                           store_->kept()};
        results.push_back([this, fresh = std::move(status)] { status_ = fresh; });
        {
            const std::lock_guard lock(mutex_);
            std::move(results.begin(), results.end(), std::back_inserter(results_));
        }
        wakeup_.send();
    }
}

void StoreThread::deliver_results() {
    std::vector<Result> results;
    {
        const std::lock_guard lock(mutex_);
        results = std::exchange(results_, {});
    }
    for (const Result& result : results) result();
}

}  // namespace exapulse
