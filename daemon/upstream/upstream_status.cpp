// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/upstream/upstream_status.hpp"

namespace exapulse {

void add_health(UpstreamStatus& status, const HealthMonitor& health, const Moment& now) {
    status.state = health.state();
    status.since = health.state_since();
    status.uuid = health.uuid();
    status.detail = health.detail();
    status.missed = health.missed();
    status.of = health.settings().attempts;
    status.last_pong = health.last_pong();
    if (const auto away = health.away_since()) status.away_since = now.wall - (now.steady - *away);
    status.latency = health.latency();
    status.interval = health.settings().interval;
}

}  // namespace exapulse
