// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/events/event.hpp"

#include <algorithm>
#include <cassert>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/json.hpp"
#include "common/units.hpp"

namespace exapulse {

namespace {

using nlohmann::ordered_json;

std::string time_or_never(const std::optional<WallTime>& time) {
    return time ? format_time(*time) : "never";
}

}  // namespace

ordered_json json_of(const Event& event, const EventPlace& place) {
    ordered_json line{
        {"type", name_of(event.type)},
        {"seq", place.seq},
        {"boot", place.boot},
        {"time", format_time(event.time)},
        {"state", name_of(event.state)},
        {"uuid", event.uuid.empty() ? ordered_json(nullptr) : ordered_json(event.uuid)},
    };
    if (event.previous) line["previous"] = *event.previous;
    if (event.proven) line["proven"] = *event.proven;
    if (event.away) line["away_ms"] = event.away->count();
    if (event.cause) line["cause"] = name_of(*event.cause);
    if (event.missed) line["missed"] = *event.missed;
    if (event.of) line["of"] = *event.of;
    if (event.last_pong)
        line["last_pong"] = format_time(*event.last_pong);
    else if (event.type == EventType::Failed || event.type == EventType::Degraded)
        line["last_pong"] = nullptr;
    if (event.detail) line["detail"] = *event.detail;
    if (event.dropped) line["dropped"] = *event.dropped;
    if (event.peers) line["peers"] = json_of(*event.peers);
    if (event.peer) line["peer"] = json_of(*event.peer);
    if (event.previous_state)
        line["previous_state"] = event.previous_state->empty()
                                     ? ordered_json(nullptr)
                                     : ordered_json(*event.previous_state);
    if (event.type == EventType::Gap && !event.dropped) line["dropped"] = nullptr;
    if (event.store) line["store"] = name_of(*event.store);
    if (event.routes) line["routes"] = *event.routes;
    if (event.not_kept) line["not_kept"] = *event.not_kept;
    if (event.refused) {
        line["refused"] = *event.refused;
        line["reasons"] = event.reasons;
    }
    if (event.took) line["took_ms"] = event.took->count();
    if (event.owner) {
        line["uid"] = event.owner->uid;
        line["user"] = event.owner->user;
        line["name"] =
            event.owner->name.empty() ? ordered_json(nullptr) : ordered_json(event.owner->name);
    }
    return line;
}

std::string format_event(const Event& event, const EventPlace& place) {
    return json_text(json_of(event, place));
}

std::string describe_event(const Event& event) {
    const std::string away = event.away ? describe_duration(*event.away) : "";
    const std::string detail = event.detail.value_or("");
    switch (event.type) {
        case EventType::State:
            return fmt::format("state: {}", name_of(event.state));
        case EventType::Connected:
            return fmt::format("connected: ExaBGP answers, uuid {}", event.uuid);
        case EventType::Restarted:
            assert(event.cause);
            if (!event.proven.value_or(true))
                return fmt::format(
                    "restarted: ExaBGP may have restarted, nothing proves that it is the same "
                    "process: uuid {}, previously {}, unreachable for {} ({}); treat routes "
                    "announced through "
                    "its API as lost",
                    event.uuid, event.previous.value_or("none"), away, name_of(*event.cause));
            return fmt::format(
                "restarted: ExaBGP is a new process, uuid {}, previously {}, unreachable for {} "
                "({}); "
                "routes announced through its API are lost",
                event.uuid, event.previous.value_or("none"), away, name_of(*event.cause));
        case EventType::Disconnected:
            assert(event.cause);
            return fmt::format("disconnected: {} ({})", detail, name_of(*event.cause));
        case EventType::Reconnected:
            return fmt::format("reconnected: the same ExaBGP, uuid {}, unreachable for {}",
                               event.uuid, away);
        case EventType::Degraded:
            assert(event.missed && event.of);
            return fmt::format("degraded: {} of {} pings unanswered", *event.missed, *event.of);
        case EventType::Failed:
            assert(event.cause && event.of);
            return fmt::format("failed: {} missed ({}): {}; last pong {}",
                               counted(static_cast<std::uint64_t>(*event.of), "ping"),
                               name_of(*event.cause), detail, time_or_never(event.last_pong));
        case EventType::Recovered:
            return fmt::format("recovered: ExaBGP answers again, uuid {}, unreachable for {}",
                               event.uuid, away);
        case EventType::Stopping:
            return "stopping: exapulsed is stopping";
        case EventType::Lagged:
            return fmt::format("lagged: {} dropped", counted(event.dropped.value_or(0), "event"));
        case EventType::Peers:
            assert(event.peers);
            return fmt::format("peers: {} of {} established",
                               std::count_if(event.peers->begin(), event.peers->end(),
                                             [](const Peer& peer) { return peer.established(); }),
                               event.peers->size());
        case EventType::PeerUp:
            assert(event.peer);
            return fmt::format("peer-up: {} is established", event.peer->address);
        case EventType::PeerDown:
            assert(event.peer);
            return fmt::format("peer-down: {} is {}", event.peer->address, event.peer->state);
        case EventType::Contended:
            return fmt::format(
                "contended: {}, and its answers arrive on the pipe that exapulsed reads; let it "
                "use "
                "exapulse run instead",
                detail);
        case EventType::Uncontended:
            return "uncontended: no other program writes into ExaBGP's pipes any more";
        case EventType::Gap:
            return "gap: events before it are missing";
        case EventType::Store:
            return fmt::format("store: {}", detail);
        case EventType::Replaying:
            return fmt::format("replaying: {} to announce again; not kept, and lost: {}",
                               counted(event.routes.value_or(0), "route"),
                               event.not_kept.value_or(0));
        case EventType::Replayed:
            return fmt::format("replayed: ExaBGP took {} in {}, and refused {}",
                               counted(event.routes.value_or(0), "route"),
                               describe_duration(event.took.value_or(Milliseconds(0))),
                               event.refused.value_or(0));
        case EventType::Expired: {
            assert(event.owner);
            const EventOwner& owner = *event.owner;
            return fmt::format("expired: {} of {}{} withdrawn, the lease is over: {}",
                               counted(event.routes.value_or(0), "route"), owner.user,
                               owner.name.empty() ? "" : fmt::format(" ({})", owner.name), detail);
        }
    }
    return {};
}

}  // namespace exapulse
