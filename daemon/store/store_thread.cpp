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

/// Signals are for the loop.
void block_signals() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, nullptr);
}

}  // namespace

StoreThread::StoreThread(uv::Loop& loop, std::unique_ptr<EventStore> store, std::size_t queue,
                         OnChange on_change)
    : store_(std::move(store)),
      on_change_(std::move(on_change)),
      wakeup_(loop, [this] { deliver_results(); }),
      queue_(queue),
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
    if (event.type == EventType::Peers) return;  // it is no event, and has no place of its own
    StoredEvent stored{
        {std::string(place.boot), place.seq}, event.type, event.time, event.uuid, line};
    {
        const std::lock_guard lock(mutex_);
        events_.add(std::move(stored), queue_);
    }
    work_.notify_one();
}

void StoreThread::set_limits(const EventStore::Limits& limits) {
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

void StoreThread::run() {
    block_signals();
    for (bool ending = false; !ending;) {
        std::vector<Task> tasks;
        {
            std::unique_lock lock(mutex_);
            work_.wait_until(lock, store_->next_write(),
                             [this] { return ending_ || !events_.empty() || !tasks_.empty(); });
            ending = ending_;
            tasks = std::exchange(tasks_, {});
            events_.take_each([&](StoredEvent event) { store_->add(std::move(event)); });
        }
        if (ending) store_->end_pause();
        store_->write(now());
        std::vector<Result> results;
        for (const Task& task : tasks) results.push_back(task(*store_));
        for (EventStore::Change& change : store_->take_changes())
            results.push_back([this, told = std::move(change)] { on_change_(told); });
        StoreStatus status{store_->state(), store_->problem(), store_->waiting(), store_->bytes()};
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
