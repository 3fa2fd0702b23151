// SPDX-License-Identifier: BSD-3-Clause
// UnwrittenCommands: records of commands that wait for the disk, bounded. Pure.
#pragma once

#include <algorithm>
#include <cstddef>
#include <deque>
#include <utility>

#include "daemon/store/stored_command.hpp"

namespace exapulse {

/// Where there are too many the oldest are dropped, and one record represents all of them.
class UnwrittenCommands {
  public:
    /// Keeps `most` of them, and the record that represents those dropped.
    void add(StoredCommand command, std::size_t most) {
        commands_.push_back(std::move(command));
        while (size() > most) drop();
    }
    void clear() { commands_.clear(); }

    [[nodiscard]] bool empty() const { return commands_.empty(); }
    /// Without the record that represents others.
    [[nodiscard]] std::size_t size() const { return commands_.size() - (any_lost() ? 1 : 0); }

    /// Oldest first, after the one that represents others.
    [[nodiscard]] const std::deque<StoredCommand>& all() const { return commands_; }
    template <class Visit>
    void take_each(Visit visit) {
        for (StoredCommand& command : commands_) visit(std::move(command));
        clear();
    }

  private:
    [[nodiscard]] bool any_lost() const { return !commands_.empty() && commands_[0].lost > 0; }

    /// It has the number of the newest one that it represents.
    void drop() {
        const std::size_t oldest = any_lost() ? 1 : 0;
        const StoredCommand& dropped = commands_[oldest];
        StoredCommand summary;
        summary.number = dropped.number;
        summary.time = dropped.time;
        summary.lost =
            (any_lost() ? commands_[0].lost : 0) + std::max<std::uint64_t>(dropped.lost, 1);
        commands_[oldest] = std::move(summary);
        if (oldest == 1) commands_.pop_front();
    }

    std::deque<StoredCommand> commands_;
};

}  // namespace exapulse
