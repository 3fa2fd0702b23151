// SPDX-License-Identifier: BSD-3-Clause
#include "client/events/wait_progress.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/ip_address.hpp"
#include "common/json_fields.hpp"

namespace exapulse::client {

namespace {

using nlohmann::json;
using Kind = WaitCondition::Kind;

// What changes the health state, or brings another UUID.
constexpr std::array health_types{
    EventType::Connected, EventType::Restarted, EventType::Disconnected, EventType::Reconnected,
    EventType::Degraded,  EventType::Failed,    EventType::Recovered};
constexpr std::array peer_types{EventType::Peers, EventType::PeerUp, EventType::PeerDown};

bool is_about_peers(const WaitCondition& condition) {
    return condition.kind == Kind::Peer || condition.kind == Kind::NoPeer;
}

std::string in_words(const WaitCondition& condition) {
    switch (condition.kind) {
        case Kind::Up:
            return "up";
        case Kind::Down:
            return "down";
        case Kind::Restart:
            return "restart";
        case Kind::Peer:
            return fmt::format("peer {} {}", condition.address, condition.state);
        case Kind::NoPeer:
            return fmt::format("no-peer {}", condition.address);
    }
    return {};
}

bool is_in(const std::string& state, const std::string& wanted) {
    return wanted == peer_down ? state != peer_established : state == wanted;
}

}  // namespace

bool WaitProgress::needs_peers() const {
    return std::any_of(options_.conditions.begin(), options_.conditions.end(), is_about_peers);
}

std::string WaitProgress::request() const {
    std::string line = "sidecar subscribe";
    for (const EventType type : health_types) line.append(" ").append(name_of(type));
    if (needs_peers())
        for (const EventType type : peer_types) line.append(" ").append(name_of(type));
    return line;
}

void WaitProgress::on_event(const json& event) {
    const auto name = text_field(event, "type");
    // One that this version does not know says no more than its state.
    const EventType type = parse_event_type(name.value_or("")).value_or(EventType::Lagged);
    if (const auto state = health_field(event)) state_ = state;
    // exapulsed reports a restart that it saw; its snapshot shows one that it did not see.
    const auto finding = finder_.on_event(event);
    if ((type == EventType::Restarted && !finding.repeated) || finding.restarted) restarted_ = true;

    if (type == EventType::State || type == EventType::Peers) {
        peers_.reset();
        if (const auto peers = event.find("peers"); peers != event.end() && peers->is_array())
            take_peers(*peers);
    } else if (type == EventType::PeerUp || type == EventType::PeerDown) {
        take_change(object_field(event, "peer"));
    } else if (type == EventType::Disconnected || type == EventType::Failed) {
        peers_.reset();
    }
}

WaitProgress::KnownPeer WaitProgress::read_peer(const json& peer) {
    return {text_field(peer, "address").value_or(""), text_field(peer, "local_address"),
            number_field(peer, "as"), text_field(peer, "state").value_or("")};
}

/// Several sessions with one address differ by the others; what is not known differs from nothing.
bool WaitProgress::is_same(const KnownPeer& a, const KnownPeer& b) {
    const auto fits = [](const auto& x, const auto& y) { return !x || !y || *x == *y; };
    return a.address == b.address && fits(a.local_address, b.local_address) && fits(a.as, b.as);
}

void WaitProgress::take_peers(const json& peers) {
    peers_.emplace();
    for (const json& peer : peers) peers_->push_back(read_peer(peer));
}

void WaitProgress::take_change(const json& peer) {
    if (!peers_) return;
    const KnownPeer changed = read_peer(peer);
    std::erase_if(*peers_, [&](const KnownPeer& known) { return is_same(known, changed); });
    if (changed.state != "gone") peers_->push_back(changed);
}

void WaitProgress::on_lost() {
    state_.reset();
    peers_.reset();
}

std::vector<std::string> WaitProgress::states_of(const std::string& address) const {
    std::vector<std::string> states;
    for (const KnownPeer& peer : *peers_)
        if (same_address(peer.address, address)) states.push_back(peer.state);
    return states;
}

bool WaitProgress::holds(const WaitCondition& condition) const {
    switch (condition.kind) {
        case Kind::Up:
            return state_ == HealthState::Up;
        case Kind::Down:
            return state_ == HealthState::Down;
        case Kind::Restart:
            return restarted_;
        case Kind::Peer: {
            if (!peers_) return false;
            const auto states = states_of(condition.address);
            return !states.empty() &&
                   std::all_of(states.begin(), states.end(), [&](const std::string& state) {
                       return is_in(state, condition.state);
                   });
        }
        case Kind::NoPeer:
            return peers_ && states_of(condition.address).empty();
    }
    return false;
}

bool WaitProgress::holds() const {
    const auto& conditions = options_.conditions;
    const auto one = [this](const WaitCondition& condition) { return holds(condition); };
    return options_.any ? std::any_of(conditions.begin(), conditions.end(), one)
                        : std::all_of(conditions.begin(), conditions.end(), one);
}

bool WaitProgress::informed() const {
    return state_ && (state_ != HealthState::Up || !needs_peers() || peers_);
}

std::string WaitProgress::fulfilled() const {
    std::string text;
    for (const WaitCondition& condition : options_.conditions)
        if (holds(condition))
            text += fmt::format("{}{}", text.empty() ? "" : ", ", in_words(condition));
    return text;
}

std::string WaitProgress::instead_of(const WaitCondition& condition) const {
    if (!state_) return "exapulsed has sent nothing yet";
    if (condition.kind == Kind::Restart) return "none yet";
    if (!is_about_peers(condition)) return fmt::format("ExaBGP is {}", name_of(*state_));
    if (!peers_)
        return *state_ == HealthState::Up ? "its peers are not known yet"
                                          : fmt::format("ExaBGP is {}", name_of(*state_));
    const auto states = states_of(condition.address);
    if (states.empty()) return "ExaBGP has no such peer, see exapulse peers";
    return fmt::format("it is {}", fmt::join(states, " and "));
}

std::string WaitProgress::missing() const {
    std::string text;
    for (const WaitCondition& condition : options_.conditions)
        if (!holds(condition))
            text += fmt::format("{}{} ({})", text.empty() ? "" : ", ", in_words(condition),
                                instead_of(condition));
    return text;
}

}  // namespace exapulse::client
