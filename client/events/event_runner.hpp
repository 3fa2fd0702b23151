// SPDX-License-Identifier: BSD-3-Clause
// EventRunner: a command of the user's for each event, one at a time and in order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <sys/types.h>
#include <utility>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "common/file_descriptor.hpp"

namespace exapulse::client {

/// EXAPULSE_TYPE=restarted and so on: what the command of an event finds in its environment. A
/// field that the event has not is no variable, nor is one too long for the kernel. The last one is
/// the event itself, if it fits. Pure.
[[nodiscard]] std::vector<std::string> event_environment(const nlohmann::json& event,
                                                         const std::string& line,
                                                         const std::string& socket);

/// Owns the command that runs. Events that come while it runs wait, and are not lost until
/// `most_waiting` of them do.
class EventRunner {
  public:
    static constexpr std::size_t most_waiting = 1'000;

    /// `command` is for /bin/sh; `socket` is exapulsed's.
    EventRunner(std::string command, std::string socket)
        : command_(std::move(command)), socket_(std::move(socket)) {}
    /// Waits for the command that runs.
    ~EventRunner();
    EventRunner(const EventRunner&) = delete;
    EventRunner& operator=(const EventRunner&) = delete;

    void add(const nlohmann::json& event, const std::string& line);

    /// To be polled for reading, then on_ended(); -1 while nothing runs.
    [[nodiscard]] int fd() const { return process_.get(); }
    /// The command has ended: tells on stderr when it failed, and starts the next.
    void on_ended();
    /// Until all that waits has run.
    void finish();
    /// What waits will not run; tells on stderr how many events that leaves without.
    void drop_waiting();

  private:
    struct Waiting {
        std::vector<std::string> environment;
        std::string input;  // the event, where it is too long for a variable
    };

    void start_next();
    [[nodiscard]] int start(const Waiting& next);  ///< 0, or the errno of what failed

    std::string command_;
    std::string socket_;
    std::deque<Waiting> waiting_;
    std::uint64_t skipped_ = 0;
    pid_t pid_ = -1;
    FileDescriptor process_;  // pidfd of it
};

}  // namespace exapulse::client
