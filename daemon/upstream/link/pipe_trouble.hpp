// SPDX-License-Identifier: BSD-3-Clause
// PipeTrouble: finds out why ExaBGP does not answer on its pipes.
#pragma once

#include <functional>
#include <string>

#include "common/time.hpp"
#include "daemon/upstream/link/fifo_link.hpp"
#include "daemon/upstream/link/other_users.hpp"
#include "daemon/uv/timer.hpp"

namespace exapulse {

class UpstreamConnection;

/// Looks for other programs that use the pipes of the connection, and whether the pipes still have
/// their names. Does nothing while there are no pipes.
class PipeTrouble {
  public:
    struct Callbacks {
        /// Whether ExaBGP answers.
        std::function<bool()> answers;
        /// It can't, because of this.
        std::function<void(const std::string& why)> on_trouble;
    };

    /// `connection` must outlive it.
    PipeTrouble(uv::Loop& loop, UpstreamConnection& connection, Callbacks callbacks);

    void on_connected();
    void on_closed();
    /// Something with the name of one of the pipes appeared or left.
    void on_names_changed() { names_check_.start(settle_time); }
    void check_names();

    /// Looks for other programs, and reports one that explains why ExaBGP does not answer. Logs
    /// those that read its answers.
    void look(OtherUsers::Trouble trouble);
    /// Whether another program takes commands or answers; looks again.
    [[nodiscard]] bool shares_answers();
    /// See OtherUsers.
    [[nodiscard]] std::string why_unread(TimePoint now);
    [[nodiscard]] std::string writer(const FifoLink& pipes, TimePoint now) {
        return users_.writer(pipes, now);
    }

  private:
    /// Pipes that are made anew are removed first: the check waits for both.
    static constexpr std::chrono::milliseconds settle_time{200};

    void on_silence();

    UpstreamConnection& connection_;
    Callbacks callbacks_;
    OtherUsers users_;
    uv::Timer silence_;           // runs while a new connection brings no answer
    bool silent_before_ = false;  // silence_ has run out on this connection
    uv::Timer names_check_;
    FifoLink::Names names_;  // what was last found, and logged
};

}  // namespace exapulse
