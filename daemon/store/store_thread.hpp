// SPDX-License-Identifier: BSD-3-Clause
// StoreThread: the one thread besides the loop's. It has the EventStore, and waits for the disk.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "daemon/access/audit_record.hpp"
#include "daemon/events/event_log.hpp"
#include "daemon/store/event_store.hpp"
#include "daemon/store/peer_record.hpp"
#include "daemon/store/store_status.hpp"
#include "daemon/uv/wakeup.hpp"

namespace exapulse {

/// All methods are for the loop's thread, return at once, and every call back comes from the loop.
/// An answer has every event that was published before the question. What has been published is
/// written at once, together with what came while the disk was busy; records of commands may wait a
/// moment for more of them.
class StoreThread final : public EventSink, public AuditConsumer {
  public:
    using OnChange = std::function<void(const EventStore::Change&)>;

    /// `store` is not used by anybody else from now on.
    StoreThread(uv::Loop& loop, std::unique_ptr<EventStore> store, const EventStore::Limits& limits,
                OnChange on_change);
    /// Writes what waits first, as far as the file can be used.
    ~StoreThread();
    StoreThread(const StoreThread&) = delete;
    StoreThread& operator=(const StoreThread&) = delete;

    void on_event(const Event& event, const EventPlace& place, const std::string& line) override;
    /// ExaBGP has just answered how its peers are; the events about it came before.
    void on_peers_answer(WallTime now);
    void on_record(const AuditRecord& record) override;
    void set_limits(const EventStore::Limits& limits);
    /// Until when the state of the peers is known; nullopt: ExaBGP never answered.
    [[nodiscard]] std::optional<WallTime> peers_known_until(WallTime now) const;

    /// A question to the store, on its thread; its answer goes to `take`, on the loop.
    template <class Answer>
    void ask(std::function<Answer(EventStore&)> question, std::function<void(Answer)> take) {
        add_task([question = std::move(question), take = std::move(take)](EventStore& store) {
            auto answer = std::make_shared<Answer>(question(store));
            return [answer, take] { take(std::move(*answer)); };
        });
    }

    /// As of a moment ago.
    [[nodiscard]] StoreStatus status() const;

  private:
    using Result = std::function<void()>;
    using Task = std::function<Result(EventStore&)>;

    void add_task(Task task);
    void add_peers(PeerRecord::Changes changes);
    void run();
    /// Of the thread, with mutex_: whether there is something to do now, and when there will be.
    [[nodiscard]] bool is_due() const;
    [[nodiscard]] TimePoint next_due() const;
    void deliver_results();

    std::unique_ptr<EventStore> store_;  // the thread's
    OnChange on_change_;
    PeerRecord peers_;
    StoreStatus status_;
    uv::Wakeup wakeup_;

    mutable std::mutex mutex_;  // of all below
    std::condition_variable work_;
    UnwrittenEvents events_;
    PeerRecord::Changes peer_changes_;
    std::optional<WallTime> peers_known_until_;
    UnwrittenCommands commands_;
    TimePoint commands_due_{};  // when commands_ are written, if there are any
    std::uint64_t last_command_ = 0;
    std::size_t queue_;
    std::vector<Task> tasks_;
    std::vector<Result> results_;
    bool ending_ = false;

    std::thread thread_;
};

}  // namespace exapulse
