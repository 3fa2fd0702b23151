// SPDX-License-Identifier: BSD-3-Clause
// UptimeReport: how much of a time ExaBGP was up, from the events in it. Pure.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "client/view/terminal.hpp"
#include "common/protocol.hpp"

namespace exapulse::client {

/// Up is an ExaBGP that answers. Every other state is an outage: connecting, degraded (pings go
/// unanswered) and down. One that ceased to answer counts as down from its last pong, not from the
/// moment at which that was noticed. The time of which exapulsed knows nothing is neither: before
/// it had its first verdict, while it was not running, and before what it remembers.
class UptimeReport {
  public:
    using Time = std::chrono::system_clock::time_point;
    using Milliseconds = std::chrono::milliseconds;

    struct Outage {
        Time from;
        Milliseconds length;
    };

    /// A time and what ExaBGP was in it; nullopt: not known. It may have been reported as another
    /// state before, of which the worst counts.
    using OnSpan = std::function<void(std::optional<HealthState> state, Time from, Time to)>;

    /// `header` as `sidecar history` answers to a question for what was since `asked` (nullopt: for
    /// all there is).
    explicit UptimeReport(const nlohmann::json& header, std::optional<Time> asked = std::nullopt,
                          OnSpan on_span = nullptr);

    /// The next event of that answer. What is no event is passed over.
    void add(const nlohmann::json& event);
    /// There are no more.
    void finish();
    /// The types of events that make a difference.
    [[nodiscard]] static std::vector<EventType> types();

    /// In percent of the time that is known; nullopt when none is.
    [[nodiscard]] std::optional<double> availability() const;
    [[nodiscard]] Milliseconds up() const { return sum_of(true); }
    [[nodiscard]] Milliseconds down() const { return sum_of(false); }
    [[nodiscard]] Milliseconds unknown() const { return undecided_ + unwatched_ + not_remembered_; }
    /// The mean time between two outages, and that of an outage; nullopt where there was none.
    [[nodiscard]] std::optional<Milliseconds> between_outages() const { return mean(up()); }
    [[nodiscard]] std::optional<Milliseconds> mean_outage() const { return mean(down()); }
    [[nodiscard]] std::size_t outages() const { return outages_; }
    [[nodiscard]] const std::optional<Outage>& longest() const { return longest_; }
    [[nodiscard]] std::size_t restarts() const;

    /// One line of JSON.
    [[nodiscard]] std::string as_json() const;
    /// A few lines without the last LF.
    [[nodiscard]] std::string text(const Style& style) const;

  private:
    /// A run of exapulsed.
    struct Run {
        std::string boot;
        Time started, until;
    };

    void read_runs(const nlohmann::json& header);
    void go_to(const std::string& boot);
    void end_run();
    void pass(Time until);
    void decide(HealthState state);
    void report(std::optional<HealthState> state, Time from, Time to) const;
    void backdate(HealthState state, std::optional<Time> last_pong);
    void enter(HealthState state, Time at);
    void end_outage(Time at);
    [[nodiscard]] Milliseconds sum_of(bool up) const;
    [[nodiscard]] std::optional<Milliseconds> mean(Milliseconds sum) const;
    [[nodiscard]] std::string states_down() const;

    OnSpan on_span_;
    Time from_{}, now_{}, at_{};
    bool complete_ = true;
    std::vector<Run> runs_;  // that come after the one at hand, the next one last
    Run run_{};
    bool decided_ = false;  // exapulsed had found out how ExaBGP is
    HealthState state_ = HealthState::Connecting;
    Time up_since_{};  // while it is up
    std::map<HealthState, Milliseconds> time_in_;
    Milliseconds undecided_{}, unwatched_{}, not_remembered_{};
    Milliseconds undecided_now_{};  // of this run
    std::optional<Time> out_since_;
    std::size_t outages_ = 0;
    std::optional<Outage> longest_;
    std::map<std::string, std::size_t> restarts_;  // by cause
};

}  // namespace exapulse::client
