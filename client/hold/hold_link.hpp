// SPDX-License-Identifier: BSD-3-Clause
// HoldLink: the connection of a HoldState to exapulsed, made again whenever it is lost.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "client/exchange/answer.hpp"
#include "client/exchange/daemon_connection.hpp"
#include "client/hold/hold_state.hpp"
#include "client/io/poll_set.hpp"
#include "common/line_framer.hpp"

namespace exapulse::client {

/// Nothing here blocks but a connect(2), and that not for long.
class HoldLink {
  public:
    /// An answer that takes longer than `timeout` ends the connection.
    HoldLink(std::string socket, std::chrono::milliseconds timeout, HoldState& state);

    /// Adds what is to be waited for, beside due(); then go_on().
    void add_to(PollSet& set);
    [[nodiscard]] std::optional<Clock::time_point> due() const;
    /// Attaches when that is due, reads what has come and writes what is to be sent.
    void go_on(const PollSet& set);

  private:
    void attach();
    void read();
    void feed(std::string_view bytes);
    void write();
    void lose(const std::string& why);

    std::string socket_;
    std::chrono::milliseconds timeout_;
    HoldState& state_;
    std::unique_ptr<DaemonConnection> connection_;  // null while detached
    PollSet::Slot slot_ = 0;
    LineFramer framer_;
    AnswerReader answer_;
    std::string out_;                            // not written yet
    std::size_t waiting_ = 0;                    // answers
    Clock::time_point heard_at_{};               // or nothing was awaited until then
    std::optional<Clock::time_point> retry_at_;  // while detached
    std::chrono::milliseconds pause_;
};

}  // namespace exapulse::client
