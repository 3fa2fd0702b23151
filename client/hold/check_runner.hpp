// SPDX-License-Identifier: BSD-3-Clause
// CheckRunner: runs the check of `exapulse hold` when it is due.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "client/events/exec_process.hpp"
#include "client/hold/health_check.hpp"

namespace exapulse::client {

/// A check whose time is over has failed at that moment, whether it can be killed or not. None is
/// started while one is still there: after `dying_time` that counts as a failure as well.
class CheckRunner {
  public:
    using Clock = ExecProcess::Clock;
    static constexpr std::chrono::milliseconds dying_time{1'000};

    /// `command` is ExecProcess's; `socket` is exapulsed's.
    CheckRunner(std::string command, std::chrono::milliseconds timeout, const CheckRules& rules,
                const std::string& socket);
    /// Kills the check that runs.
    ~CheckRunner();

    /// To be polled for reading, then go_on(); may be -1.
    [[nodiscard]] int fd() const { return process_.fd(); }
    /// When go_on() is due in any case.
    [[nodiscard]] std::optional<Clock::time_point> due() const;
    /// Starts and ends checks. True: the standing has changed.
    [[nodiscard]] bool go_on();

    [[nodiscard]] const HealthCheck& health() const { return health_; }

  private:
    [[nodiscard]] std::optional<Clock::time_point> next_start() const;
    [[nodiscard]] bool judge_running();
    [[nodiscard]] bool start();

    std::chrono::milliseconds timeout_;
    ExecInput input_;
    ExecProcess process_;
    HealthCheck health_;
    Clock::time_point dead_at_{};  // one that was killed, at the latest
};

}  // namespace exapulse::client
