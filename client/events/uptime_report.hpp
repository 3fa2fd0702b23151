// SPDX-License-Identifier: BSD-3-Clause
// UptimeReport: how much of a time ExaBGP was up, from the events in it. Pure.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "client/view/terminal.hpp"
#include "common/protocol.hpp"

namespace exapulse::client {

/// An outage is a time in which ExaBGP did not answer, or could not be reached; a degraded ExaBGP
/// counts as up. The time before exapulsed met its first ExaBGP is unknown, and no outage.
class UptimeReport {
  public:
    using Time = std::chrono::system_clock::time_point;
    using Milliseconds = std::chrono::milliseconds;

    struct Outage {
        Time from;
        Milliseconds length;
    };

    /// `header` and `events` as `sidecar history` answers. What is no event is passed over.
    UptimeReport(const nlohmann::json& header, const std::vector<nlohmann::json>& events);

    /// In percent of the time that is known; nullopt when none is.
    [[nodiscard]] std::optional<double> availability() const;
    [[nodiscard]] Milliseconds up() const { return up_; }
    [[nodiscard]] Milliseconds down() const { return down_; }
    [[nodiscard]] Milliseconds unknown() const { return unknown_; }
    [[nodiscard]] std::size_t outages() const { return outages_; }
    [[nodiscard]] const std::optional<Outage>& longest() const { return longest_; }
    [[nodiscard]] std::size_t restarts() const;

    /// One line of JSON.
    [[nodiscard]] std::string as_json() const;
    /// A few lines without the last LF.
    [[nodiscard]] std::string text(const Style& style) const;

  private:
    void pass(Time until);
    void enter(HealthState state, Time at);
    void end_outage(Time at);

    Time from_{}, now_{}, at_{};
    bool complete_ = true;
    bool met_ = false;  // an ExaBGP was known
    HealthState state_ = HealthState::Connecting;
    Milliseconds up_{}, down_{}, unknown_{};
    std::optional<Time> out_since_;
    std::size_t outages_ = 0;
    std::optional<Outage> longest_;
    std::map<std::string, std::size_t> restarts_;  // by cause
};

}  // namespace exapulse::client
