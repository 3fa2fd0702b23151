// SPDX-License-Identifier: BSD-3-Clause
// EventBroadcaster: numbers every event and offers it to each subscriber.
#pragma once

#include <cstdint>
#include <string>

#include "daemon/event.hpp"
#include "daemon/session_registry.hpp"

namespace exapulse {

class EventBroadcaster {
  public:
    /// `boot` tells this run of exapulsed from all others. `sessions` must outlive it.
    EventBroadcaster(SessionRegistry& sessions, std::string boot)
        : sessions_(sessions), boot_(std::move(boot)) {}

    /// `peers` is a picture, as the snapshot is, and keeps the number of the event before it.
    /// Never waits for a subscriber: one that does not read loses the event and is told later.
    void publish(const Event& event) {
        if (event.type != EventType::Peers) ++seq_;
        const std::string line = format_event(event, place());
        sessions_.for_each([&](ClientSession& session) { session.offer(event, place(), line); });
    }

    [[nodiscard]] EventPlace place() const { return {seq_, boot_}; }

  private:
    SessionRegistry& sessions_;
    std::string boot_;
    std::uint64_t seq_ = 0;
};

}  // namespace exapulse
