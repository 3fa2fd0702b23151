// SPDX-License-Identifier: BSD-3-Clause
#include "tests/integration/long_history.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "daemon/events/event.hpp"
#include "daemon/store/event_table.hpp"

namespace exapulse::test {

void add_events(const std::string& path, std::size_t count, std::chrono::milliseconds between,
                std::size_t peers) {
    constexpr std::size_t batch = 10'000;
    const WallTime now = std::chrono::system_clock::now();
    const WallTime start = now - between * static_cast<Milliseconds::rep>(count + 1);
    EventTable table(path, "earlier", start);
    std::vector<StoredEvent> events;
    std::vector<PeerChange> changes;
    for (std::size_t peer = 0; peer < peers; ++peer)
        changes.push_back(
            {start, fmt::format("10.{}.{}.1", peer / 256, peer % 256), PeerChange::State::Up});
    for (std::size_t i = 1; i <= count; ++i) {
        Event event;
        const bool lost = i % 2 == 0;
        event.type = lost           ? EventType::Disconnected
                     : i % 100 == 1 ? EventType::Restarted
                                    : EventType::Reconnected;
        event.state = lost ? HealthState::Down : HealthState::Up;
        event.uuid = fmt::format("c7421bee-b2e0-5450-8f40-{:012}", i / 100);
        event.time = start + between * static_cast<Milliseconds::rep>(i);
        if (lost) {
            event.cause = Cause::Closed;
            event.detail = "ExaBGP closed the connection";
        } else {
            event.away = std::chrono::duration_cast<Milliseconds>(between);
            if (event.type == EventType::Restarted) event.cause = Cause::Closed;
        }
        events.push_back({{"earlier", i},
                          event.type,
                          event.time,
                          event.uuid,
                          format_event(event, {i, "earlier"}),
                          0});
        if (peers > 0)
            changes.push_back({event.time,
                               fmt::format("10.{}.{}.1", i / 2 % peers / 256, i / 2 % peers % 256),
                               lost ? PeerChange::State::Down : PeerChange::State::Up});
        if (events.size() < batch && i < count) continue;
        table.append(events, changes);
        events.clear();
        changes.clear();
    }
    table.seen(now, now);
}

}  // namespace exapulse::test
