// SPDX-License-Identifier: BSD-3-Clause
// Contention: tracks whether another program writes into ExaBGP's pipes. Pure.
#pragma once

#include <optional>
#include <string>

#include "common/time.hpp"

namespace exapulse {

/// Its answers arrive on the same pipe as those of exapulsed. It ends once no other program has
/// written for a while: scripts may run every minute.
class Contention {
  public:
    static constexpr Milliseconds lasts{120'000};

    struct Seen {
        WallTime since{};
        WallTime last{};
        std::string by;  ///< "bash (pid 12)"; empty: none was seen with the pipe open
    };

    /// Another program has written; true if contention begins. `by` as in Seen.
    bool on_write(const std::string& by, const Moment& now);
    /// Call at next_tick() or later; true if contention ends.
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
