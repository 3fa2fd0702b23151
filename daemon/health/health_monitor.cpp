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

void HealthMonitor::on_closed(Cause cause, std::string_view detail, const Moment& now) {
    connected_ = false;
    unusable_because_.clear();
    usable_ = false;
    unreachable_ = Cause::Refused;  // until an attempt to connect says otherwise
    if (!lost_) next_tick_ = now.steady + settings_.interval;
    lose(cause, detail, now);
}

/// Tells the loss of ExaBGP once, however many attempts to reach it follow.
void HealthMonitor::lose(Cause cause, std::string_view detail, const Moment& now) {
    detail_ = detail;
    if (lost_) return;
    lost_ = cause;
    if (!away_since_) away_since_ = now.steady;
    if (state_ != HealthState::Down) enter(HealthState::Connecting, now);
    Event told = event(EventType::Disconnected, now);
    told.cause = cause;
    told.detail = detail;
    tell(told);
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
    Event told = pong_event(uuid, proven, now);
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
    if (state_ == HealthState::Up && told.type == EventType::State) return;
    enter(HealthState::Up, now);
    told.state = state_;
    tell(told);
}

/// What a pong from `uuid` means, given all that was known before it; State: nothing new.
Event HealthMonitor::pong_event(std::string_view uuid, bool proven, const Moment& now) const {
    Event told = event(EventType::State, now);
    told.uuid = uuid;
    const bool first = !last_pong_;
    if (!uuid_.empty() && uuid != uuid_) {
        told.type = EventType::Restarted;
        told.previous = uuid_;
        told.proven = proven;
        told.cause = cause_of_restart();
        told.away = away(now);
    } else if (first) {
        told.type = EventType::Connected;
    } else if (lost_) {
        told.type = EventType::Reconnected;
        told.away = away(now);
    } else if (state_ != HealthState::Up) {
        told.type = EventType::Recovered;
        told.away = away(now);
    }
    return told;
}

Cause HealthMonitor::cause_of_restart() const {
    if (known_) return Cause::Unwatched;
    // How the old one was lost, not how the new one was waited for.
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
    // Ticks missed while exapulsed itself did not run say nothing about ExaBGP.
    next_tick_ += settings_.interval;
    if (next_tick_ <= now.steady) next_tick_ = now.steady + settings_.interval;
    const bool alive = std::exchange(heard_, false);
    if (!usable_ || !alive || !unusable_because_.empty()) miss(now);
    if (usable_) listener_.on_ping_due();
}

void HealthMonitor::miss(const Moment& now) {
    ++missed_;
    if (!away_since_) away_since_ = last_pong_ ? last_pong_at_ : now.steady;
    if (connected_)
        detail_ = unusable_because_.empty() ? "ExaBGP holds the connection but does not answer"
                                            : unusable_because_;
    if (state_ == HealthState::Down) return;
    if (missed_ >= settings_.attempts) {
        enter(HealthState::Down, now);
        failed_ = connected_ ? Cause::Hung : unreachable_.value_or(Cause::Absent);
        Event told = event(EventType::Failed, now);
        told.cause = failed_;
        told.of = settings_.attempts;
        told.last_pong = last_pong_;
        told.detail = fmt::format("{}, for {} now", detail_, describe_duration(away(now)));
        tell(told);
    } else if (usable_) {
        enter(HealthState::Degraded, now);
        Event told = event(EventType::Degraded, now);
        told.missed = missed_;
        told.of = settings_.attempts;
        told.last_pong = last_pong_;
        tell(told);
    }
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
