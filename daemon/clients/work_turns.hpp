// SPDX-License-Identifier: BSD-3-Clause
// WorkTurns: decides whose lines are handled next. Pure.
#pragma once

#include <cassert>
#include <deque>
#include <map>
#include <sys/types.h>

#include "daemon/commands/command_queue.hpp"

namespace exapulse {

/// Users take turns, and the sessions of each user among themselves: a thousand clients of one user
/// delay another's by one turn.
class WorkTurns {
  public:
    /// The caller ensures that a session waits at most once.
    void add(uid_t user, SessionId session) {
        auto& waiting = sessions_[user];
        if (waiting.empty()) users_.push_back(user);
        waiting.push_back(session);
        assert(sessions_.size() == users_.size());
    }

    /// Only when not empty().
    [[nodiscard]] SessionId take() {
        assert(!users_.empty());
        const uid_t user = users_.front();
        users_.pop_front();
        const auto found = sessions_.find(user);
        assert(found != sessions_.end() && !found->second.empty());
        const SessionId session = found->second.front();
        found->second.pop_front();
        if (found->second.empty())
            sessions_.erase(found);
        else
            users_.push_back(user);
        assert(sessions_.size() == users_.size());
        return session;
    }

    [[nodiscard]] bool empty() const { return users_.empty(); }

  private:
    std::map<uid_t, std::deque<SessionId>> sessions_;  // none is empty
    std::deque<uid_t> users_;                          // those in sessions_; the front is next
};

}  // namespace exapulse
