// SPDX-License-Identifier: BSD-3-Clause
// Contention: whether another program writes into ExaBGP's pipes. Pure.
#pragma once

#include <optional>
#include <string>

#include "common/time.hpp"

namespace exapulse {

/// Whoever does is answered onto the same pipe as exapulsed. It is over once nobody has written for
/// a while: scripts come back every minute.
class Contention {
  public:
    static constexpr Milliseconds lasts{120'000};

    struct Seen {
        WallTime since{};
        WallTime last{};
        std::string by;  ///< "bash (pid 12)"; empty: nobody was seen with the pipe open
    };

    /// Another program has written; true when that is new. `by` as in Seen.
    bool on_write(const std::string& by, const Moment& now);
    /// Call at next_tick() or later; true when it is over.
    bool on_tick(TimePoint now);
    [[nodiscard]] std::optional<TimePoint> next_tick() const;

    [[nodiscard]] const std::optional<Seen>& seen() const { return seen_; }
    /// Who writes, in words.
    [[nodiscard]] std::string writer() const;

  private:
    std::optional<Seen> seen_;
    TimePoint last_;
};

}  // namespace exapulse
