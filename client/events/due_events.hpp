// SPDX-License-Identifier: BSD-3-Clause
// DueEvents: for which event the command of `watch --cursor --exec` is due, and when. Pure.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <optional>

#include "client/events/cursor.hpp"
#include "client/events/exec_process.hpp"

namespace exapulse::client {

/// An event is due until a run for it has succeeded. A run that fails is repeated after a pause,
/// longer each time.
class DueEvents {
  public:
    using Clock = std::chrono::steady_clock;
    static constexpr std::chrono::milliseconds first_pause{1'000};
    static constexpr std::chrono::milliseconds longest_pause{60'000};

    enum class Keep {
        Newest,  ///< what was due before a newer one is no longer; none is due unless ExaBGP is up
        All      ///< one after another, in order
    };
    explicit DueEvents(Keep keep) : keep_(keep) {}

    struct Due {
        Cursor after;  ///< once it has been handled
        ExecInput input;
    };

    void add(Due event);
    void set_up(bool up) { up_ = up; }

    /// Takes the event whose run is to start now; nullopt: none. Ask only while none runs.
    [[nodiscard]] std::optional<Due> take_due(Clock::time_point now);
    /// When take_due() is worth another call though nothing happened.
    [[nodiscard]] std::optional<Clock::time_point> deadline() const;

    /// How the run ended for the event taken last.
    void on_success();
    void on_failure(Clock::time_point now);

    /// How many wait for a run, or for another one.
    [[nodiscard]] std::size_t waiting() const { return waiting_.size(); }
    void drop() { waiting_.clear(); }

  private:
    [[nodiscard]] bool may_run() const { return keep_ == Keep::All || up_; }

    Keep keep_;
    std::deque<Due> waiting_;   // neither handled nor being handled
    std::optional<Due> taken_;  // its run is under way
    bool up_ = false;
    std::chrono::milliseconds pause_ = first_pause;
    std::optional<Clock::time_point> not_before_;
};

}  // namespace exapulse::client
