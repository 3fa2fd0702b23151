// SPDX-License-Identifier: BSD-3-Clause
// HoldHook: the command of `hold --exec`, run when the state changes.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "client/events/exec_process.hpp"

namespace exapulse::client {

/// One run at a time; of the changes that come while one runs, the last has its run after it.
class HoldHook {
  public:
    /// `command` and `timeout` are ExecProcess's.
    HoldHook(std::string command, std::chrono::milliseconds timeout)
        : process_(std::move(command), timeout) {}

    void add(ExecInput input);

    [[nodiscard]] bool running() const { return process_.running(); }
    /// To be polled for reading, then go_on(); may be -1.
    [[nodiscard]] int fd() const { return process_.fd(); }
    /// When go_on() is due in any case.
    [[nodiscard]] std::optional<ExecProcess::Clock::time_point> due() const {
        return process_.deadline();
    }
    /// Reports a failure on stderr, and starts the next run.
    void go_on();
    /// Kills the command that runs, and starts none.
    void kill();

  private:
    void start_next();

    ExecProcess process_;
    std::optional<ExecInput> next_;
};

}  // namespace exapulse::client
