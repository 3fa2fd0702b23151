// SPDX-License-Identifier: BSD-3-Clause
// SessionState: what ExaBGP keeps once for all users of its channel, kept for one client. Pure.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/routes/route_wish.hpp"

namespace exapulse {

/// Routes that a client gathers between `group start` and `group end`, to be announced together.
class RouteGroup {
  public:
    /// `line` is an announce or a withdraw without a selector. ExaBGP ends a command of a group at
    /// each `;`, so it must not have one.
    void add(std::string_view line);

    [[nodiscard]] bool empty() const { return line_.empty(); }
    /// The length that line() would have with one more line of so many bytes.
    [[nodiscard]] std::size_t size_with(std::size_t bytes) const;
    /// The group as one command of ExaBGP's, which nothing can come between. Not of an empty one.
    [[nodiscard]] const std::string& line() const { return line_; }

  private:
    std::string line_;
};

struct SessionState {
    bool acks = true;  ///< answers end with `done` or `error`
    bool sync =
        false;  ///< `done` to an announce or withdraw means that it was written to the peers
    /// Of the routes that it announces; nullptr: nothing. Shared with its commands.
    std::shared_ptr<const RouteWish> wish{};
    LeaseNumber lease = 0;              ///< that the connection holds; 0: none
    std::optional<RouteGroup> group{};  ///< between `group start` and `group end`

    /// The bytes it takes beside itself.
    [[nodiscard]] std::size_t memory() const {
        return (group ? group->line().capacity() : 0) +
               (wish ? sizeof(RouteWish) + wish->owner.capacity() : 0);
    }
    [[nodiscard]] bool is_default() const { return acks && !sync && !wish && lease == 0 && !group; }
};

}  // namespace exapulse
