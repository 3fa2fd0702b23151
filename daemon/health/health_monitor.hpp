// SPDX-License-Identifier: BSD-3-Clause
// HealthMonitor: decides whether ExaBGP is alive and still the same one. Pure.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "common/time.hpp"
#include "daemon/events/event.hpp"
#include "daemon/identity/known_instance.hpp"

namespace exapulse {

/// The ping/UUID loop. A pong identifies the ExaBGP that answers; another UUID is a restart. Each
/// interval without a pong, or without a connection, is a missed ping, and `attempts` of them in a
/// row are a failure.
///
///     Connecting --pong--> Up --missed--> Degraded --attempts missed--> Down
///          ^                ^---------------- pong ----------------------'
///          '--- connection lost, from Up or Degraded; attempts missed here too lead to Down
class HealthMonitor {
  public:
    class Listener {
      public:
        virtual ~Listener() = default;
        virtual void on_health_event(const Event& event) = 0;
        virtual void on_ping_due() = 0;
    };

    struct Settings {
        Milliseconds interval{10'000};
        int attempts = 3;
    };

    /// `listener` must outlive the monitor; the methods below call it.
    HealthMonitor(const Settings& settings, Listener& listener, std::optional<KnownInstance> known,
                  const Moment& now);

    void on_connect_failed(Cause cause, std::string_view detail, const Moment& now);
    /// `silence`: what it means if nothing is ever answered on this connection, in words; empty:
    /// the same as if that ends later.
    void on_connected(std::string_view silence = {});
    void on_closed(Cause cause, std::string_view detail, const Moment& now);
    /// There is a connection, but it cannot be used, for the reason in `detail`.
    void on_unusable(std::string_view detail);
    /// The connection is resynchronised and accepts pings. May be called repeatedly.
    void on_usable(const Moment& now);
    /// `proven`: if `uuid` has changed, whether it is proven to be another process. The same UUID
    /// must be proof of the same process.
    void on_pong(std::string_view uuid, std::optional<std::chrono::microseconds> latency,
                 const Moment& now, bool proven = true);
    /// Something arrived that only a working ExaBGP sends, such as more of an answer.
    void on_sign_of_life() { heard_ = true; }
    /// Call at next_tick() or later.
    void on_tick(const Moment& now);

    [[nodiscard]] TimePoint next_tick() const { return next_tick_; }
    /// A shorter interval takes effect at once.
    void set_settings(const Settings& settings, const Moment& now);

    [[nodiscard]] HealthState state() const { return state_; }
    [[nodiscard]] WallTime state_since() const { return state_since_.wall; }
    [[nodiscard]] const std::string& uuid() const { return uuid_; }
    [[nodiscard]] int missed() const { return missed_; }
    [[nodiscard]] const Settings& settings() const { return settings_; }
    [[nodiscard]] std::optional<WallTime> last_pong() const { return last_pong_; }
    [[nodiscard]] std::optional<std::chrono::microseconds> latency() const { return latency_; }
    /// When ExaBGP was last known to answer, or, if it never did, when that was noticed. nullopt
    /// while it answers.
    [[nodiscard]] std::optional<TimePoint> away_since() const { return away_since_; }
    /// What is wrong with ExaBGP, in words; empty if nothing is.
    [[nodiscard]] const std::string& detail() const { return detail_; }
    /// An event in the current state, for those that the health loop does not cause.
    [[nodiscard]] Event event(EventType type, const Moment& now) const;

  private:
    void lose(Cause cause, std::string_view detail, const Moment& now);
    void miss(const Moment& now);
    [[nodiscard]] std::string why_silent() const;
    void enter(HealthState state, const Moment& now);
    void publish(const Event& event) { listener_.on_health_event(event); }
    [[nodiscard]] Event pong_event(std::string_view uuid, bool proven, const Moment& now) const;
    [[nodiscard]] Cause cause_of_restart() const;
    [[nodiscard]] Milliseconds away(const Moment& now) const;

    Settings settings_;
    Listener& listener_;
    std::optional<KnownInstance> known_;  // from an earlier run, until the first pong of this one

    HealthState state_ = HealthState::Connecting;
    Moment state_since_;
    std::string uuid_;
    TimePoint next_tick_;
    bool connected_ = false;  // there is a connection
    bool usable_ = false;     // and it accepts pings
    bool heard_ = false;      // a sign of life since the last tick
    int missed_ = 0;
    std::optional<Cause> lost_;            // how the connection was lost; reported once
    std::optional<Cause> unreachable_;     // how the latest attempt to connect failed
    std::optional<Cause> failed_;          // the cause in `failed`, until the next pong
    std::optional<TimePoint> away_since_;  // when it was last known to be healthy
    TimePoint last_pong_at_{};
    std::optional<WallTime> last_pong_;
    std::optional<std::chrono::microseconds> latency_;
    std::string silence_;           // of this connection, if it is never usable
    std::string unusable_because_;  // of this connection; empty: it only does not answer
    std::string detail_;
};

}  // namespace exapulse
