// SPDX-License-Identifier: BSD-3-Clause
// HealthCheck: when the check of `exapulse hold` is due, and what its results mean. Pure.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace exapulse::client {

struct CheckRules {
    std::chrono::milliseconds interval{5'000};
    std::uint64_t rise = 3;  // successes in a row until it is up
    std::uint64_t fall = 2;  // failures in a row until it is down
};

/// Judges one result after another. A check that takes longer than the interval is followed by the
/// next one at once; two never overlap.
class HealthCheck {
  public:
    using Clock = std::chrono::steady_clock;
    enum class Standing { Undecided, Up, Down };

    /// Of the interval while nothing is decided yet, if it is longer.
    static constexpr std::chrono::milliseconds first_interval{1'000};

    HealthCheck(const CheckRules& rules, Clock::time_point now) : rules_(rules), due_(now) {}

    /// When the next one is to start; nullopt: one runs.
    [[nodiscard]] std::optional<Clock::time_point> due() const {
        return running_ ? std::nullopt : std::optional(due_);
    }
    void started(Clock::time_point now);
    /// How the one that ran has ended: "exited with 1". True: the standing has changed.
    [[nodiscard]] bool ended(bool succeeded, const std::string& how);

    [[nodiscard]] Standing standing() const { return standing_; }
    /// Why the standing is as it is: "the check failed 2 times: exited with 1".
    [[nodiscard]] const std::string& reason() const { return reason_; }

  private:
    CheckRules rules_;
    Clock::time_point due_;
    bool running_ = false;
    bool succeeding_ = false;  // the last result
    std::uint64_t in_a_row_ = 0;
    Standing standing_ = Standing::Undecided;
    std::string reason_;
};

}  // namespace exapulse::client
