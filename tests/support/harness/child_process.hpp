// SPDX-License-Identifier: BSD-3-Clause
// ChildProcess: a program under test, its output captured.
#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <thread>
#include <vector>

#include "common/file_descriptor.hpp"
#include "tests/support/harness/eventually.hpp"

namespace exapulse::test {

/// Starts a program and reads its stdout and stderr, each into a buffer, in a separate thread, so
/// that it never blocks on them. A program still running at the end is killed and reaped.
class ChildProcess {
  public:
    struct Options {
        /// Changes to the environment; nullopt removes a variable.
        std::map<std::string, std::optional<std::string>> environment{};
        std::string working_directory{};  ///< empty: this process's
        bool own_group = false;           ///< leads a process group, all of which is killed
    };

    /// argv[0] is searched for in PATH if it has no slash. Throws if it cannot be started.
    explicit ChildProcess(std::vector<std::string> argv) : ChildProcess(std::move(argv), {}) {}
    ChildProcess(std::vector<std::string> argv, const Options& options);
    ~ChildProcess();
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;

    [[nodiscard]] pid_t pid() const { return pid_; }

    /// Does nothing once the program has been reaped.
    void signal(int number);
    void signal_group(int number);  ///< to its whole group; needs `own_group`

    /// SIGSTOP; returns once every thread of the program has stopped.
    void freeze();

    void write_stdin(std::string_view text);
    void close_stdin() { stdin_.reset(); }

    /// The exit status, or 128 + the signal that killed it; nullopt if it is still running after
    /// `timeout`. After an exit, stdout_text() and stderr_text() are complete.
    [[nodiscard]] std::optional<int> wait_exit(std::chrono::milliseconds timeout = patience);
    [[nodiscard]] bool is_running() { return !wait_exit(std::chrono::milliseconds(0)); }

    [[nodiscard]] std::string stdout_text() const;
    [[nodiscard]] std::string stderr_text() const;

  private:
    void read_output();

    pid_t pid_ = -1;
    bool own_group_ = false;
    std::optional<int> status_;  // set once the program has been reaped
    FileDescriptor stdin_, stdout_, stderr_;
    FileDescriptor stop_;  // makes the reader give up
    mutable std::mutex mutex_;
    std::string stdout_text_, stderr_text_;  // guarded by mutex_
    bool drained_ = false;                   // guarded by mutex_: both ends saw EOF
    std::thread reader_;
};

/// What a program prints that must exit with 0; throws otherwise.
[[nodiscard]] std::string output_of(std::vector<std::string> argv);

/// The child that the main thread of a process has started; throws if it has none.
[[nodiscard]] pid_t only_child_of(pid_t pid);

/// The value of an environment variable; throws, naming it, if it is not set. meson sets
/// EXAPULSED, EXAPULSE and EXABGP_SIMULATOR to the programs it built.
[[nodiscard]] std::string require_environment(const char* name);

}  // namespace exapulse::test
