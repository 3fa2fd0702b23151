// SPDX-License-Identifier: BSD-3-Clause
// DueEvents: for which ExaBGP the command of `watch --cursor --exec` is due, and when. Pure.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "client/events/exec_process.hpp"

namespace exapulse::client {

/// Only the newest ExaBGP counts: it is due until a run for it has succeeded. A run that fails is
/// repeated after a pause, longer each time.
class DueEvents {
  public:
    using Clock = std::chrono::steady_clock;
    static constexpr std::chrono::milliseconds first_pause{1'000};
    static constexpr std::chrono::milliseconds longest_pause{60'000};

    struct Instance {
        std::string uuid;
        ExecInput input;
    };

    /// Another ExaBGP is there; what was due before is no longer.
    void add(Instance newest);
    /// Nothing is due while it is not.
    void set_up(bool up) { up_ = up; }

    /// Takes the instance whose run is to start now; nullopt: none. Ask only while none runs.
    [[nodiscard]] std::optional<Instance> take_due(Clock::time_point now);
    /// When take_due() is worth another call though nothing happened.
    [[nodiscard]] std::optional<Clock::time_point> deadline() const;

    /// How the run ended for the instance taken last.
    void on_success();
    void on_failure(Clock::time_point now);

    /// An instance waits for a run, or for another one.
    [[nodiscard]] bool waiting() const { return newest_.has_value(); }
    void drop() { newest_.reset(); }

  private:
    std::optional<Instance> newest_;  // not yet handled, nor being handled
    std::optional<Instance> taken_;   // its run is under way
    bool up_ = false;
    std::chrono::milliseconds pause_ = first_pause;
    std::optional<Clock::time_point> not_before_;
};

}  // namespace exapulse::client
