// SPDX-License-Identifier: BSD-3-Clause
// UnwrittenCommands: records of commands that wait for the disk, bounded. Pure.
#pragma once

#include <algorithm>
#include <cstddef>
#include <deque>
#include <utility>

#include "daemon/store/stored_command.hpp"

namespace exapulse {

/// Where there are too many the oldest are dropped, and one record stands for all of them.
class UnwrittenCommands {
  public:
    /// Keeps `most` of them, beside the record that stands for those dropped.
    void add(StoredCommand command, std::size_t most) {
        commands_.push_back(std::move(command));
        while (size() > most) drop();
    }
    void clear() { commands_.clear(); }

    [[nodiscard]] bool empty() const { return commands_.empty(); }
    /// Without the record that stands for others.
    [[nodiscard]] std::size_t size() const { return commands_.size() - (any_lost() ? 1 : 0); }

    /// Oldest first, the one that stands for others before all.
    [[nodiscard]] const std::deque<StoredCommand>& all() const { return commands_; }
    template <class Visit>
    void take_each(Visit visit) {
        for (StoredCommand& command : commands_) visit(std::move(command));
        clear();
    }

  private:
    [[nodiscard]] bool any_lost() const { return !commands_.empty() && commands_[0].lost > 0; }

    /// It has the place of the newest one that it stands for.
    void drop() {
        const std::size_t oldest = any_lost() ? 1 : 0;
        const StoredCommand& gone = commands_[oldest];
        StoredCommand stands;
        stands.number = gone.number;
        stands.time = gone.time;
        stands.lost = (any_lost() ? commands_[0].lost : 0) + std::max<std::uint64_t>(gone.lost, 1);
        commands_[oldest] = std::move(stands);
        if (oldest == 1) commands_.pop_front();
    }

    std::deque<StoredCommand> commands_;
};

}  // namespace exapulse
