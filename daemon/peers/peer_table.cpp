// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/peers/peer_table.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include "daemon/peers/peer_index.hpp"

namespace exapulse {

namespace {

constexpr std::chrono::seconds counted_in{1};  // the unit of ExaBGP's ages, which it rounds down

template <typename Value>
void fill(Value& hole, const Value& value) {
    if (hole == Value{}) hole = value;
}

/// Fields that are unknown in `fresh` stay as in `old`.
void fill_holes(Peer& fresh, const Peer& old) {
    fill(fresh.name, old.name);
    fill(fresh.local_address, old.local_address);
    fill(fresh.as, old.as);
    fill(fresh.local_as, old.local_as);
    fill(fresh.sent, old.sent);
    fill(fresh.received, old.received);
    fill(fresh.prefixes, old.prefixes);
    if (fresh.state != old.state) return;
    fill(fresh.since, old.since);
    fill(fresh.started, old.started);
}

/// ExaBGP has just reported the age of the session of an established `peer`.
void note_start(Peer& peer, TimePoint asked, const Moment& now) {
    if (!peer.established() || !peer.since) return;
    const auto age = std::chrono::duration_cast<Milliseconds>(now.wall - *peer.since);
    peer.started = SessionStart{asked - age - counted_in, now.steady - age, asked};
}

/// Whether `after` has another session than `before`, both established. It must also be younger
/// than the old snapshot, since ExaBGP's clock may have been set back.
bool bounced(const Peer& before, const Peer& after) {
    return before.started && after.started && after.started->earliest > before.started->latest &&
           after.started->latest >= before.started->asked;
}

/// Keeps the start of an unchanged session, which would vary by a second with every answer. Each
/// answer narrows it down.
void keep_start(Peer& fresh, const Peer& old) {
    if (!fresh.established() || !old.established() || bounced(old, fresh)) return;
    if (fresh.since && old.since && std::chrono::abs(*fresh.since - *old.since) <= 2 * counted_in)
        fresh.since = old.since;
    if (!fresh.started || !old.started) return;
    const TimePoint earliest = std::max(fresh.started->earliest, old.started->earliest);
    const TimePoint latest = std::min(fresh.started->latest, old.started->latest);
    if (earliest <= latest) fresh.started = SessionStart{earliest, latest, fresh.started->asked};
}

/// For an answer without states: as in another answer of the same snapshot.
void take_state(Peer& peer, const Peer* same) {
    if (same == nullptr) return;
    peer.state = same->state;
    peer.since = same->since;
    peer.started = same->started;
}

/// An index of a list of peers, which must outlive it and may only grow.
class Found {
  public:
    explicit Found(const std::vector<Peer>& peers) : peers_(peers), index_(peers) {}

    [[nodiscard]] const Peer* find(const Peer& wanted) const {
        const auto place = index_.find(wanted);
        assert(!place || *place < peers_.size());
        return place ? &peers_[*place] : nullptr;
    }
    void added() {
        assert(!peers_.empty());
        index_.add(peers_.back());
    }

  private:
    const std::vector<Peer>& peers_;
    PeerIndex index_;
};

/// Whether both have the same peers, each in the same state except for changes reported as peer-up
/// and peer-down.
bool same_snapshot(const std::vector<Peer>& a, const std::vector<Peer>& b, const Found& in_b) {
    return a.size() == b.size() && std::all_of(a.begin(), a.end(), [&](const Peer& peer) {
               const Peer* other = in_b.find(peer);
               return other != nullptr &&
                      (peer.state == other->state || peer.established() != other->established());
           });
}

Event change_of(EventType type, const Peer& peer, std::string_view previous_state) {
    Event change;
    change.type = type;
    change.peer = peer;
    change.previous_state = previous_state;
    return change;
}

/// For a peer whose session has ended at an unknown time.
Event lost(const Peer& before, std::string_view state) {
    Event change = change_of(EventType::PeerDown, before, before.state);
    change.peer->state = state;
    change.peer->since.reset();
    return change;
}

}  // namespace

void PeerTable::on_line(std::string_view line) {
    if (answer_.size() + line.size() > longest_answer) {
        overflown_ = true;
        answer_ = {};
    }
    if (overflown_) return;
    answer_ += line;
    answer_ += '\n';
}

bool PeerTable::on_answer(const PeerQuestion& question, bool ok, TimePoint asked,
                          const Moment& now) {
    const std::string answer = std::exchange(answer_, {});
    const bool whole = !std::exchange(overflown_, false) && ok;
    auto fresh = whole ? read_peers(question.form, answer, now.wall) : std::nullopt;
    if (!fresh) return false;
    merge(question, std::move(*fresh), asked, now);
    begun_ = true;
    return true;
}

void PeerTable::merge(const PeerQuestion& question, std::vector<Peer> fresh, TimePoint asked,
                      const Moment& now) {
    const Found before(peers_.empty() && first_ ? told_ : peers_);
    const Found in_picture(peers_);
    for (Peer& peer : fresh) {
        if (question.form == PeerAnswer::Configuration)
            take_state(peer, in_picture.find(peer));
        else
            note_start(peer, asked, now);
        const Peer* old = before.find(peer);
        if (old == nullptr) continue;
        keep_start(peer, *old);
        fill_holes(peer, *old);
        if (!peer.since && peer.state != old->state && !first_) peer.since = now.wall;
    }
    if (question.if_absent == IfAbsent::Removed) {
        // A peer from a range is not in the configuration, and exists while it has a session.
        if (question.form == PeerAnswer::Configuration) {
            Found all(fresh);
            for (Peer& peer : peers_) {
                if (!peer.established() || all.find(peer) != nullptr) continue;
                fresh.push_back(std::move(peer));
                all.added();
            }
        }
        peers_ = std::move(fresh);
        return;
    }
    const Found in_fresh(fresh);
    for (Peer& peer : peers_) {
        if (const Peer* named = in_fresh.find(peer)) {
            peer = *named;
        } else if (question.if_absent == IfAbsent::Down && peer.state != "down") {
            peer.state = "down";
            peer.since = first_ ? std::nullopt : std::optional(now.wall);
            peer.started.reset();
        }
    }
    if (question.if_absent == IfAbsent::Unknown) return;
    Found all(peers_);
    for (Peer& peer : fresh) {
        if (all.find(peer) != nullptr) continue;
        peers_.push_back(std::move(peer));
        all.added();
    }
}

std::vector<Event> PeerTable::take_changes() {
    assert(begun_);
    known_ = true;
    std::vector<Event> events;
    const Found in_told(told_), in_picture(peers_);
    if (std::exchange(first_, false) || !same_snapshot(peers_, told_, in_told)) {
        Event all;
        all.type = EventType::Peers;
        all.peers = peers_;
        events.push_back(std::move(all));
    }
    for (const Peer& peer : peers_) {
        const Peer* before = in_told.find(peer);
        // A peer that was already up when first seen is only in `peers`.
        if (before == nullptr) continue;
        const bool was = before->established(), is = peer.established();
        if (was && is && bounced(*before, peer)) {
            events.push_back(lost(*before, "down"));
            events.push_back(change_of(EventType::PeerUp, peer, "down"));
        } else if (was != is) {
            events.push_back(
                change_of(is ? EventType::PeerUp : EventType::PeerDown, peer, before->state));
        }
    }
    for (const Peer& peer : told_)
        if (peer.established() && in_picture.find(peer) == nullptr)
            events.push_back(lost(peer, "gone"));
    told_ = peers_;
    return events;
}

void PeerTable::on_answer_lost() {
    answer_ = {};
    overflown_ = false;
}

void PeerTable::invalidate() {
    known_ = false;
    first_ = true;
}

void PeerTable::reset_baseline() {
    invalidate();
    told_.clear();
}

void PeerTable::on_disconnect() {
    invalidate();
    on_answer_lost();
    peers_.clear();
    begun_ = false;
}

}  // namespace exapulse
