// SPDX-License-Identifier: BSD-3-Clause
// HealthFeed: turns the events of one subscription after another into what the shell shows. Pure
// but for the local time zone.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "client/events/restart_finder.hpp"
#include "client/view/terminal.hpp"
#include "client/view/time_text.hpp"
#include "common/protocol.hpp"

namespace exapulse::client {

/// Remembers the last known ExaBGP, so that a restart between two subscriptions is reported.
class HealthFeed {
  public:
    explicit HealthFeed(Style style) : style_(style) {}

    struct Step {
        std::string text{};   // lines to show, the last one without LF; empty: nothing
        bool failed = false;  // ExaBGP has, with this event
    };

    /// An event as exapulsed sent it.
    [[nodiscard]] Step on_event(const nlohmann::json& event, WallTime now);

    /// The subscription is lost: what to show.
    [[nodiscard]] std::string on_lost(WallTime now);

    [[nodiscard]] bool attached() const { return !lost_since_; }

    /// nullopt while detached from exapulsed.
    [[nodiscard]] std::optional<HealthState> state() const;

    /// As `sidecar status` names it; empty when it is not known.
    [[nodiscard]] const std::string& dialect() const { return dialect_; }

    /// Grows whenever ExaBGP may know other commands than before.
    [[nodiscard]] int generation() const { return generation_; }

  private:
    [[nodiscard]] std::string attached_again(const nlohmann::json& snapshot, WallTime now);
    void remember(const nlohmann::json& event);
    [[nodiscard]] std::string text_of(const nlohmann::json& event, WallTime now);

    Style style_;
    RestartFinder finder_;
    std::optional<HealthState> state_;
    std::string uuid_;  // empty: none is known
    std::string dialect_;
    std::optional<WallTime> lost_since_;
    bool stopping_ = false;   // exapulsed announced that it stops
    bool peers_due_ = false;  // their state is shown as soon as it is known
    int generation_ = 0;
};

}  // namespace exapulse::client
