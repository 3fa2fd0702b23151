// SPDX-License-Identifier: BSD-3-Clause
// CommandChannel: the connection on which a shell's commands go out, one at a time.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "client/exchange/answer.hpp"
#include "client/exchange/command_exchange.hpp"
#include "client/exchange/daemon_connection.hpp"
#include "client/io/poll_set.hpp"

namespace exapulse::client {

/// An answer and its command stay together: where the answer to a command is no longer waited for,
/// the connection goes too, and the next command gets a new one. Nothing here waits but the
/// connect(2) of begin(), and what is withdrawn for a moment.
class CommandChannel {
  public:
    CommandChannel(std::string socket, std::chrono::milliseconds timeout);

    struct Answer {
        std::vector<std::string> lines;
        Verdict verdict;
    };
    using OnRespelled = Speller::OnRespelled;

    /// Sends `command`; its answer is awaited from now on.
    void begin(const std::string& command, OnRespelled on_respelled);

    /// To be watched; -1 while there is no connection.
    [[nodiscard]] int fd() const { return connection_ ? connection_->fd() : -1; }
    [[nodiscard]] short events() const;
    [[nodiscard]] std::optional<Clock::time_point> deadline() const;

    /// Goes on when the connection is ready, or the deadline is over.
    void go_on();

    [[nodiscard]] bool complete() const { return complete_; }
    /// The answer, once it is complete; it is then no longer kept here.
    [[nodiscard]] std::optional<Answer> take();

    /// No longer waits, because of `why`, and takes the command back if ExaBGP has not seen it yet.
    /// Returns what is known of it.
    [[nodiscard]] Verdict cancel(std::string_view why);

  private:
    [[nodiscard]] bool wants_to_write() const;
    void read();
    void give_up(const Verdict& verdict);
    void withdraw(std::string_view why, const Verdict& in_doubt);

    std::string socket_;
    std::chrono::milliseconds timeout_;
    std::unique_ptr<DaemonConnection> connection_;
    std::unique_ptr<CommandExchange> exchange_;  // while a command waits
    Answer answer_;
    bool in_group_ = false;  // of the commands on this connection
    bool complete_ = false;
    Clock::time_point last_heard_;
};

}  // namespace exapulse::client
