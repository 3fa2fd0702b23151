// SPDX-License-Identifier: BSD-3-Clause
// Recorder: collects the RunRecord from all threads of a run.
#pragma once

#include <atomic>
#include <iterator>
#include <mutex>
#include <utility>
#include <vector>

#include "tests/promises/record.hpp"

namespace exapulse::test {

/// Every method may be called from any thread. What is recorded often is collected by each thread
/// for itself, and added at its end.
class Recorder {
  public:
    [[nodiscard]] CommandNumber next_number() { return next_.fetch_add(1); }
    [[nodiscard]] CommandNumber numbers_taken() const { return next_.load(); }

    void add(const Fault& fault) { push(&RunRecord::faults, fault); }
    void add(FaultKind kind, Time from) { add({kind, from, std::chrono::steady_clock::now()}); }
    void add(const ExabgpProcess& process) { push(&RunRecord::processes, process); }
    void add(const DaemonRun& run) { push(&RunRecord::runs, run); }
    void add(const Sample& sample) { push(&RunRecord::samples, sample); }
    void add(const ClientsSample& sample) { push(&RunRecord::clients, sample); }
    void add(std::vector<Asked> asked) { append(&RunRecord::asked, std::move(asked)); }
    void add_at_exabgp(std::vector<AtExabgp> received, std::vector<AtExabgp> answered) {
        append(&RunRecord::received, std::move(received));
        append(&RunRecord::answered, std::move(answered));
    }
    void add_forbidden(std::vector<std::string> lines) {
        append(&RunRecord::forbidden, std::move(lines));
    }
    void add(std::vector<Stream> streams) { append(&RunRecord::streams, std::move(streams)); }

    /// Everything so far; to be called once all threads have ended.
    [[nodiscard]] RunRecord take() { return std::exchange(record_, {}); }

  private:
    template <typename Item>
    void push(std::vector<Item> RunRecord::*list, const Item& item) {
        const std::lock_guard lock(mutex_);
        (record_.*list).push_back(item);
    }
    template <typename Item>
    void append(std::vector<Item> RunRecord::*list, std::vector<Item> items) {
        const std::lock_guard lock(mutex_);
        auto& all = record_.*list;
        all.insert(all.end(), std::make_move_iterator(items.begin()),
                   std::make_move_iterator(items.end()));
    }

    std::atomic<CommandNumber> next_ = 1;
    std::mutex mutex_;
    RunRecord record_;  // guarded by mutex_
};

}  // namespace exapulse::test
