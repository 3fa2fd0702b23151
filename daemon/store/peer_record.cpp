// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/store/peer_record.hpp"

#include <algorithm>
#include <utility>

namespace exapulse {

namespace {

using State = PeerChange::State;

/// `state` in `peer-down` of a peer that ExaBGP has no longer.
constexpr std::string_view gone_state = "gone";

/// A session cannot have come up before the last time it was known not to be.
WallTime came_up(const Peer& peer, WallTime now, std::optional<WallTime> not_before) {
    if (!peer.since || *peer.since > now) return now;
    return std::max(*peer.since, not_before.value_or(now));
}

}  // namespace

PeerRecord::Changes PeerRecord::on_event(const Event& event) {
    Changes changes;
    if (event.type == EventType::Peers && event.peers) {
        on_snapshot(*event.peers, event.time, changes);
    } else if (event.peer && event.type == EventType::PeerUp) {
        const auto before = known_until_;
        note_answer(event.time, changes);
        change(event.peer->address, true, came_up(*event.peer, event.time, before), changes);
    } else if (event.peer && event.type == EventType::PeerDown) {
        note_answer(event.time, changes);
        if (event.peer->state == gone_state)
            remove(event.peer->address, event.time, changes);
        else
            change(event.peer->address, false, event.time, changes);
    } else if (event.type == EventType::Restarted) {
        on_restart(event, changes);
    }
    return changes;
}

/// ExaBGP has answered; was the time since its last answer too long?
void PeerRecord::note_answer(WallTime now, Changes& changes) {
    const auto before = std::exchange(known_until_, now);
    if (before && now - *before > longest_pause_) {
        changes.push_back({*before, {}, State::Unknown});
        changes.push_back({now, {}, State::Known});
    }
}

void PeerRecord::change(const std::string& peer, bool up, WallTime time, Changes& changes) {
    const auto [known, is_new] = up_.try_emplace(peer, up);
    if (!is_new && std::exchange(known->second, up) == up) return;
    changes.push_back({time, peer, up ? State::Up : State::Down});
}

void PeerRecord::remove(const std::string& peer, WallTime time, Changes& changes) {
    if (up_.erase(peer) > 0) changes.push_back({time, peer, State::Gone});
}

void PeerRecord::on_snapshot(const std::vector<Peer>& peers, WallTime now, Changes& changes) {
    const auto before = known_until_;
    note_answer(now, changes);
    struct Found {
        bool up;
        WallTime since;
    };
    std::map<std::string, Found> found;
    for (const Peer& peer : peers) {
        const auto [same, is_new] =
            found.try_emplace(peer.address, Found{peer.established(), came_up(peer, now, before)});
        if (is_new) continue;
        same->second.up = same->second.up && peer.established();
        same->second.since = std::max(same->second.since, came_up(peer, now, before));
    }
    for (const auto& [address, state] : found)
        change(address, state.up, state.up ? state.since : now, changes);
    std::vector<std::string> absent;
    for (const auto& [address, up] : up_)
        if (found.find(address) == found.end()) absent.push_back(address);
    for (const std::string& address : absent) remove(address, now, changes);
}

/// Its sessions ended with the old process, if not before.
void PeerRecord::on_restart(const Event& event, Changes& changes) {
    if (!event.proven.value_or(true) || !known_until_) return;
    const WallTime ended = event.time - event.away.value_or(Milliseconds(0));
    if (ended - *known_until_ > longest_pause_) return;  // how they were by then is not known
    const WallTime time = std::max(ended, *known_until_);
    known_until_ = std::max(*known_until_, event.time);
    for (auto& [address, up] : up_)
        if (std::exchange(up, false)) changes.push_back({time, address, State::Down, true});
}

PeerRecord::Changes PeerRecord::start_over(WallTime lost_since) {
    Changes changes;
    if (!known_until_) return changes;
    changes.push_back({lost_since, {}, State::Unknown});
    for (const auto& [address, up] : up_)
        changes.push_back({*known_until_, address, up ? State::Up : State::Down});
    return changes;
}

}  // namespace exapulse
