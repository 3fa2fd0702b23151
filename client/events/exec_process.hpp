// SPDX-License-Identifier: BSD-3-Clause
// ExecProcess: one run of a command of the user's, in a process group of its own.
#pragma once

#include <chrono>
#include <csignal>
#include <optional>
#include <string>
#include <string_view>
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

/// What the command of one event gets.
struct ExecInput {
    std::vector<std::string> environment;
    std::string standard_input;  // the event, where it is too long for a variable
};

[[nodiscard]] ExecInput exec_input(const nlohmann::json& event, const std::string& line,
                                   const std::string& socket);

struct ExecTerms {
    std::chrono::milliseconds timeout;
    std::chrono::milliseconds grace{5'000};      // between SIGTERM and SIGKILL; 0: SIGKILL at once
    std::string_view option = "--exec-timeout";  // that gives the timeout
    bool output = true;                          // to standard output; else it goes nowhere
};

/// A command that runs for longer than its time is ended, all of its group: by SIGTERM, and after
/// the grace by SIGKILL.
class ExecProcess {
  public:
    using Clock = std::chrono::steady_clock;

    /// `command` is for /bin/sh, and gets the signal mask of now.
    ExecProcess(std::string command, std::chrono::milliseconds timeout)
        : ExecProcess(std::move(command), ExecTerms{.timeout = timeout}) {}
    ExecProcess(std::string command, const ExecTerms& terms);
    /// Waits for the command that runs.
    ~ExecProcess();
    ExecProcess(const ExecProcess&) = delete;
    ExecProcess& operator=(const ExecProcess&) = delete;

    /// How a run ended: "exited with 3".
    struct Ended {
        bool ok;  // exit code 0, within its time
        std::string how;
    };

    /// Starts the command; only while none runs. An errno, or 0.
    [[nodiscard]] int start(const ExecInput& input);

    /// The command runs, or is not yet ended completely.
    [[nodiscard]] bool running() const { return pid_ > 0; }
    /// Its time was over, and it is being ended.
    [[nodiscard]] bool overdue() const { return running() && too_slow_; }
    /// To be polled for reading, then advance(); may be -1.
    [[nodiscard]] int fd() const { return process_.get(); }
    /// When advance() is due in any case.
    [[nodiscard]] std::optional<Clock::time_point> deadline() const;
    /// Ends a command whose time is over. Returns how it ended, once, when it has.
    [[nodiscard]] std::optional<Ended> advance();
    /// Waits until advance() is due.
    void wait() const;
    /// Ends the command that runs; a second call does it by SIGKILL.
    void end();

  private:
    [[nodiscard]] Ended judge(int status) const;

    std::string command_;
    ExecTerms terms_;
    sigset_t mask_{};
    pid_t pid_ = -1;              // and its process group; -1: nothing runs
    FileDescriptor process_;      // pidfd of it, closed once it has ended
    std::optional<Ended> ended_;  // others of its group are still waited for
    Clock::time_point until_;     // it has its time, or else the grace, until then
    bool ending_ = false;         // SIGTERM was sent
    bool too_slow_ = false;       // because its time was over
};

}  // namespace exapulse::client
