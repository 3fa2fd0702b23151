// SPDX-License-Identifier: BSD-3-Clause
// UpstreamSettings: what the configuration says about the ExaBGP side. Pure.
#pragma once

#include "daemon/config/config.hpp"
#include "daemon/health/health_monitor.hpp"
#include "daemon/upstream/dialogue/dialogue_listener.hpp"

namespace exapulse {

struct UpstreamSettings {
    DialogueSettings dialogue{};
    HealthMonitor::Settings health{};

    explicit UpstreamSettings(const Config& config) {
        dialogue.hold = config.commands.hold;
        dialogue.deadline = config.commands.deadline;
        dialogue.unguarded = config.commands.unguarded;
        dialogue.confirm = config.commands.confirm;
        dialogue.answer = config.limits.answer_line;
        dialogue.in_flight = static_cast<std::size_t>(config.commands.in_flight);
        dialogue.in_flight_bytes = config.commands.in_flight_bytes;
        health = {config.health.interval, static_cast<int>(config.health.attempts)};
    }

    /// Others may write into pipes as well, and only short writes stay in one piece there.
    [[nodiscard]] DialogueSettings for_pipes() const {
        DialogueSettings settings = dialogue;
        settings.in_flight = 1;
        return settings;
    }
};

}  // namespace exapulse
