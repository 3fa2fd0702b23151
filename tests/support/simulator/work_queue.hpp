// SPDX-License-Identifier: BSD-3-Clause
// WorkQueue: commands that are carried out one after the other, bit by bit. Pure.
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

/// Begins a piece of work when the one before it has ended; that is when it has its effect.
class WorkQueue {
  public:
    using Clock = std::chrono::steady_clock;
    using Work = std::function<Reaction()>;

    /// Bytes of an answer, or what comes behind them.
    struct Bit {
        std::string bytes{};
        Reaction::Then then = Reaction::Then::Stay;
    };

    void add(Work work) { waiting_.push_back(std::move(work)); }
    void forget();           ///< also what is under way
    void finish_silently();  ///< all of it happens, and none of it is answered

    [[nodiscard]] bool is_idle() const { return !current_ && waiting_.empty(); }
    /// When there is a bit; max while idle.
    [[nodiscard]] Clock::time_point due() const;
    /// Nothing before due().
    [[nodiscard]] std::optional<Bit> next(Clock::time_point now);

  private:
    void begin(Clock::time_point now);

    std::deque<Work> waiting_;
    std::optional<Reaction> current_;
    std::size_t step_ = 0;     // the next one of current_
    Clock::time_point due_{};  // when it is
};

}  // namespace exapulse::test
