// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/health/health_monitor.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include <fmt/format.h>

#include "common/units.hpp"

namespace exapulse {

HealthMonitor::HealthMonitor(const Settings& settings, Listener& listener,
                             std::optional<KnownInstance> known, const Moment& now)
    : settings_(settings),
      listener_(listener),
      known_(std::move(known)),
      state_since_(now),
      uuid_(known_ ? known_->uuid : std::string()),
      next_tick_(now.steady + settings.interval),
      detail_("no connection has been tried yet") {
    assert(settings.interval > Milliseconds(0) && settings.attempts > 0);
}

void HealthMonitor::on_connect_failed(Cause cause, std::string_view detail, const Moment& now) {
    unreachable_ = cause;
    lose(cause, detail, now);
}

void HealthMonitor::on_connected(std::string_view silence) {
    connected_ = true;
    silence_ = silence;
}

void HealthMonitor::on_closed(Cause cause, std::string_view detail, const Moment& now) {
    connected_ = false;
    unusable_because_.clear();
    usable_ = false;
    unreachable_ = Cause::Refused;  // until the next attempt to connect
    if (!lost_) next_tick_ = now.steady + settings_.interval;
    lose(cause, detail, now);
}

/// Reports the loss of ExaBGP once, however many attempts to reach it follow.
void HealthMonitor::lose(Cause cause, std::string_view detail, const Moment& now) {
    detail_ = detail;
    if (lost_) return;
    lost_ = cause;
    if (!away_since_) away_since_ = now.steady;
    if (state_ != HealthState::Down) enter(HealthState::Connecting, now);
    Event change = event(EventType::Disconnected, now);
    change.cause = cause;
    change.detail = detail;
    publish(change);
}

void HealthMonitor::on_unusable(std::string_view detail) {
    unusable_because_ = detail;
    if (state_ != HealthState::Up) detail_ = detail;
}

void HealthMonitor::on_usable(const Moment& now) {
    unusable_because_.clear();
    assert(connected_);
    if (std::exchange(usable_, true)) return;
    next_tick_ = now.steady + settings_.interval;
    listener_.on_ping_due();
}

void HealthMonitor::on_pong(std::string_view uuid, std::optional<std::chrono::microseconds> latency,
                            const Moment& now, bool proven) {
    assert(!uuid.empty());
    heard_ = true;
    unusable_because_.clear();
    Event change = pong_event(uuid, proven, now);
    missed_ = 0;
    last_pong_at_ = now.steady;
    last_pong_ = now.wall;
    if (latency) latency_ = latency;
    uuid_ = uuid;
    known_.reset();
    lost_.reset();
    unreachable_.reset();
    failed_.reset();
    away_since_.reset();
    detail_.clear();
    if (state_ == HealthState::Up && change.type == EventType::State) return;
    enter(HealthState::Up, now);
    change.state = state_;
    publish(change);
}

/// The event that a pong from `uuid` causes in the current state; State if it changes nothing.
Event HealthMonitor::pong_event(std::string_view uuid, bool proven, const Moment& now) const {
    Event change = event(EventType::State, now);
    change.uuid = uuid;
    const bool first = !last_pong_;
    if (!uuid_.empty() && uuid != uuid_) {
        change.type = EventType::Restarted;
        change.previous = uuid_;
        change.proven = proven;
        change.cause = cause_of_restart();
        change.away = away(now);
    } else if (first) {
        change.type = EventType::Connected;
    } else if (lost_) {
        change.type = EventType::Reconnected;
        change.away = away(now);
    } else if (state_ != HealthState::Up) {
        change.type = EventType::Recovered;
        change.away = away(now);
    }
    return change;
}

Cause HealthMonitor::cause_of_restart() const {
    if (known_) return Cause::Unwatched;
    // How the old one was lost, not what happened until the new one answered.
    if (failed_ == Cause::Hung) return Cause::Hung;
    return lost_.value_or(Cause::Changed);
}

Milliseconds HealthMonitor::away(const Moment& now) const {
    if (known_)
        return std::max(Milliseconds(0),
                        std::chrono::duration_cast<Milliseconds>(now.wall - known_->seen));
    return elapsed(away_since_.value_or(last_pong_at_), now.steady);
}

void HealthMonitor::on_tick(const Moment& now) {
    assert(now.steady >= next_tick_);
    // Ticks missed while exapulsed itself was not running say nothing about ExaBGP.
    next_tick_ += settings_.interval;
    if (next_tick_ <= now.steady) next_tick_ = now.steady + settings_.interval;
    const bool alive = std::exchange(heard_, false);
    if (!usable_ || !alive || !unusable_because_.empty()) miss(now);
    if (usable_) listener_.on_ping_due();
}

void HealthMonitor::miss(const Moment& now) {
    ++missed_;
    if (!away_since_) away_since_ = last_pong_ ? last_pong_at_ : now.steady;
    if (connected_) detail_ = why_silent();
    if (state_ == HealthState::Down) return;
    if (missed_ >= settings_.attempts) {
        enter(HealthState::Down, now);
        failed_ = connected_ ? Cause::Hung : unreachable_.value_or(Cause::Absent);
        Event change = event(EventType::Failed, now);
        change.cause = failed_;
        change.of = settings_.attempts;
        change.last_pong = last_pong_;
        change.detail = fmt::format("{}, for {} now", detail_, describe_duration(away(now)));
        publish(change);
    } else if (usable_) {
        enter(HealthState::Degraded, now);
        Event change = event(EventType::Degraded, now);
        change.missed = missed_;
        change.of = settings_.attempts;
        change.last_pong = last_pong_;
        publish(change);
    }
}

std::string HealthMonitor::why_silent() const {
    if (!unusable_because_.empty()) return unusable_because_;
    if (!usable_ && !silence_.empty()) return silence_;
    return "ExaBGP keeps the connection open but does not answer";
}

void HealthMonitor::set_settings(const Settings& settings, const Moment& now) {
    assert(settings.interval > Milliseconds(0) && settings.attempts > 0);
    settings_ = settings;
    next_tick_ = std::min(next_tick_, now.steady + settings.interval);
}

Event HealthMonitor::event(EventType type, const Moment& now) const {
    Event made;
    made.type = type;
    made.state = state_;
    made.uuid = uuid_;
    made.time = now.wall;
    return made;
}

void HealthMonitor::enter(HealthState state, const Moment& now) {
    if (state_ == state) return;
    state_ = state;
    state_since_ = now;
}

}  // namespace exapulse
