// SPDX-License-Identifier: BSD-3-Clause
// EventBroadcaster: numbers every event, offers it to each subscriber and keeps it.
#pragma once

#include <cstdint>
#include <string>

#include "daemon/clients/session_registry.hpp"
#include "daemon/events/event.hpp"
#include "daemon/events/event_history.hpp"

namespace exapulse {

class EventBroadcaster {
  public:
    /// `boot` tells this run of exapulsed from all others. `sessions` and `limits` must outlive it.
    EventBroadcaster(SessionRegistry& sessions, const SessionRegistry::Limits& limits,
                     std::string boot, WallTime start)
        : sessions_(sessions), limits_(limits), boot_(std::move(boot)), history_(start) {}

    /// `peers` is a picture, as the snapshot is, and keeps the number of the event before it.
    /// Never waits for a subscriber: one that does not read loses the event and is told later.
    void publish(const Event& event) {
        if (event.type != EventType::Peers) ++seq_;
        const std::string line = format_event(event, place());
        sessions_.for_each_subscriber(
            [&](ClientSession& session) { session.offer(event, place(), line); });
        if (event.type != EventType::Peers)
            history_.append(event, line, static_cast<std::size_t>(limits_.history));
    }

    [[nodiscard]] const EventHistory& history() const { return history_; }

    [[nodiscard]] EventPlace place() const { return {seq_, boot_}; }

  private:
    SessionRegistry& sessions_;
    const SessionRegistry::Limits& limits_;
    std::string boot_;
    EventHistory history_;
    std::uint64_t seq_ = 0;
};

}  // namespace exapulse
