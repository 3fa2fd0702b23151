// SPDX-License-Identifier: BSD-3-Clause
// EventRunner: a command of the user's for each event, one at a time and in order.
#pragma once

#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <sys/types.h>
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

/// Owns the command that runs, in a process group of its own. One that runs for longer than its
/// time is ended, all of its group: by SIGTERM, and after `grace` by SIGKILL. Events that come
/// while it runs wait, and are not lost until `most_waiting` of them do.
class EventRunner {
  public:
    static constexpr std::size_t most_waiting = 1'000;
    static constexpr std::chrono::milliseconds grace{5'000};

    using Clock = std::chrono::steady_clock;

    /// `command` is for /bin/sh, and gets the signal mask of now; `socket` is exapulsed's.
    EventRunner(std::string command, std::string socket, std::chrono::milliseconds timeout);
    /// Waits for the command that runs.
    ~EventRunner();
    EventRunner(const EventRunner&) = delete;
    EventRunner& operator=(const EventRunner&) = delete;

    void add(const nlohmann::json& event, const std::string& line);

    /// A command runs, or is not yet ended completely.
    [[nodiscard]] bool running() const { return pid_ > 0; }
    /// To be polled for reading, then advance(); may be -1.
    [[nodiscard]] int fd() const { return process_.get(); }
    /// When advance() is due in any case.
    [[nodiscard]] std::optional<Clock::time_point> deadline() const;
    /// Sees whether the command has ended, tells on stderr when it failed, and starts the next;
    /// ends one whose time is over.
    void advance();
    /// Until all that waits has run.
    void finish();
    /// What waits will not run; tells on stderr how many events that leaves without.
    void drop_waiting();
    /// Ends the command that runs; a second call does it by SIGKILL.
    void end();

  private:
    struct Waiting {
        std::vector<std::string> environment;
        std::string input;  // the event, where it is too long for a variable
    };

    void on_ended(int status);
    void start_next();
    [[nodiscard]] int start(const Waiting& next);  ///< 0, or the errno of what failed

    std::string command_;
    std::string socket_;
    std::chrono::milliseconds timeout_;
    sigset_t mask_{};
    std::deque<Waiting> waiting_;
    std::uint64_t skipped_ = 0;
    pid_t pid_ = -1;           // and its process group; -1: nothing runs
    FileDescriptor process_;   // pidfd of it, closed once it has ended
    Clock::time_point until_;  // it has its time, or else the grace, until then
    bool ending_ = false;      // SIGTERM was sent
};

}  // namespace exapulse::client
