// SPDX-License-Identifier: BSD-3-Clause
// WorkQueue: commands that are executed one after the other, in small steps. Pure.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "tests/support/simulator/reaction.hpp"

namespace exapulse::test {

/// Starts each command when the one before it has ended; it takes effect at its start.
class WorkQueue {
  public:
    using Clock = std::chrono::steady_clock;
    using Work = std::function<Reaction()>;

    /// Bytes of an answer, or what follows them.
    struct Bit {
        std::string bytes{};
        Reaction::Then then = Reaction::Then::Stay;
        std::string answers{};  ///< as in Reaction; at the end of the answer
    };

    void add(Work work) { waiting_.push_back(std::move(work)); }
    void forget();           ///< also the current command
    void finish_silently();  ///< executes everything without answers

    [[nodiscard]] bool is_idle() const { return !current_ && waiting_.empty(); }
    /// When the next step is due; max while idle.
    [[nodiscard]] Clock::time_point due() const;
    /// Empty before due().
    [[nodiscard]] std::optional<Bit> next(Clock::time_point now);

  private:
    void begin(Clock::time_point now);

    std::deque<Work> waiting_;
    std::optional<Reaction> current_;
    std::size_t step_ = 0;     // the next step of current_
    Clock::time_point due_{};  // when it is due
};

}  // namespace exapulse::test
