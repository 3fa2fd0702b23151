// SPDX-License-Identifier: BSD-3-Clause
// CommandTable: the records of commands in the file, of this run of exapulsed and of earlier ones.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>

#include "daemon/store/database.hpp"
#include "daemon/store/stored_command.hpp"

namespace exapulse {

/// Every call may throw DatabaseError, and has then changed nothing.
class CommandTable {
  public:
    /// `database` has been brought up to date and outlives it; `run` is this run of exapulsed.
    CommandTable(Database& database, std::int64_t run);

    /// All of them or none. One that is there already, after a commit whose outcome was not known,
    /// is not added again.
    void append(const std::deque<StoredCommand>& commands);
    /// Deletes those from before `oldest`, and of the others the oldest until about `size` bytes
    /// are left, a bounded number of them. True when a further call has more to do.
    [[nodiscard]] bool prune(WallTime oldest, std::uint64_t size);

    /// The time of the oldest one.
    [[nodiscard]] std::optional<WallTime> kept_since();
    /// Records after number `after` that fit the query, up to about `bytes`. A page may be empty
    /// without being the last: the records searched at a time are limited.
    [[nodiscard]] CommandPage read(const CommandQuery& query, std::uint64_t after,
                                   std::size_t bytes);

  private:
    Database& database_;
    std::int64_t run_;
    std::uint64_t bytes_ = 0;  // that they take, approximately
};

}  // namespace exapulse
