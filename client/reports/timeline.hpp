// SPDX-License-Identifier: BSD-3-Clause
// Timeline: a bar that shows how ExaBGP was over a time, as wide as the terminal. Pure.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "client/view/terminal.hpp"
#include "common/protocol.hpp"

namespace exapulse::client {

/// A column shows the worst that was in its time, so that a short outage is not lost; a restart is
/// marked below. Takes as much memory as there are columns.
class Timeline {
  public:
    using Time = std::chrono::system_clock::time_point;

    Timeline(Time from, Time to, std::size_t columns);

    /// nullopt: not known.
    void add(std::optional<HealthState> state, Time from, Time to);
    void add_restart(Time time);

    /// The bar, the marks of restarts, the times at both ends and what the signs mean: 3 or 4 lines
    /// without the last LF.
    [[nodiscard]] std::string text(const Style& style) const;

  private:
    enum class Look : unsigned char { Nothing, Unknown, Up, Degraded, Absent };

    [[nodiscard]] std::size_t column_of(Time time) const;
    [[nodiscard]] static Look look_of(std::optional<HealthState> state);
    [[nodiscard]] static std::string sign(Look look, const Style& style);

    Time from_, to_;
    std::vector<Look> looks_;
    std::vector<bool> restarts_;
};

}  // namespace exapulse::client
