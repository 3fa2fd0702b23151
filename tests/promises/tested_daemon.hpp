// SPDX-License-Identifier: BSD-3-Clause
// TestedDaemon: the exapulsed of a run, and what is done to it.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "tests/promises/recorder.hpp"
#include "tests/support/harness/child_process.hpp"
#include "tests/support/harness/temp_dir.hpp"

namespace exapulse::test {

/// Its files are in a small file system of their own if this process may mount one: see
/// may_mount(). All methods but socket() and pid() are for one thread. Whatever is done to it, and
/// for how long, is recorded.
class TestedDaemon {
  public:
    /// `own_mounts`: may_mount() was true. `upstream` are the flags that name ExaBGP. Throws if
    /// exapulsed does not start.
    TestedDaemon(const std::vector<std::string>& upstream, bool own_mounts, Recorder& recorder);
    ~TestedDaemon();
    TestedDaemon(const TestedDaemon&) = delete;
    TestedDaemon& operator=(const TestedDaemon&) = delete;

    [[nodiscard]] std::string socket() const { return dir_ / "exapulse.sock"; }
    /// 0 while it does not run.
    [[nodiscard]] pid_t pid() const { return pid_.load(); }

    void kill(Duration away);     ///< kill -9, and started again `away` later
    void restart(Duration away);  ///< SIGTERM, as an upgrade does
    /// Ended, and started again after `meanwhile`.
    void while_away(bool killed, const std::function<void()>& meanwhile);
    /// Restarted while nothing can be written to its directory.
    void restart_read_only(Duration read_only);
    void freeze(Duration time);  ///< SIGSTOP, then SIGCONT
    /// SIGHUP with another configuration, a broken one now and then.
    void reload(std::mt19937_64& random);
    void exhaust_descriptors(Duration time);
    /// It gets no more memory than `spare` bytes; where it ends by that, as promised, it is started
    /// again.
    void exhaust_memory(std::size_t spare, Duration time);
    /// The disk is full from before `meanwhile` to `time` after it.
    void fill_disk(Duration time, const std::function<void()>& meanwhile);
    void jump_clock(Duration by);  ///< of what it takes for the time, in all its runs
    /// Waits until it has written its history.
    void settle() const;
    void end();

    /// Another run of it ended in a way that nobody asked for.
    [[nodiscard]] bool ended_badly() const { return ended_badly_; }
    [[nodiscard]] const std::string& log() const { return log_; }

    // From its configuration
    static constexpr Duration interval{250};
    static constexpr int attempts = 3;
    static constexpr std::size_t most_clients = 256;
    /// More than a run has, so that none of them is refused for the connections of others.
    static constexpr std::size_t most_admin_clients = 128;
    static constexpr std::size_t most_pending = 2'000;
    static constexpr std::size_t most_backlog = 1U << 20;
    static constexpr std::size_t memory_kib = 64U << 10;
    /// Few of the routes that a run announces: what they take is within what is allowed beside.
    static constexpr std::size_t most_routes = 10'000;

  private:
    void start();
    void finish(int signal);
    void add_run(DaemonRun::End end, int status);

    Recorder& recorder_;
    TempDir dir_;
    std::vector<std::string> argv_;
    bool own_disk_ = false;
    std::unique_ptr<ChildProcess> process_;
    std::atomic<pid_t> pid_ = 0;
    Time started_{};
    ChildProcess::Options options_;
    std::string clock_file_;
    std::chrono::nanoseconds clock_offset_{0};
    std::string log_;
    bool ended_badly_ = false;
};

/// Gives this process, which must have no other threads, mounts of its own. False if that is not
/// permitted: then exapulsed's disk is never full.
[[nodiscard]] bool may_mount();

/// Users of their own for clients that misbehave, who must reach exapulsed's socket; only root can
/// act for them.
inline constexpr uid_t observer_uid = 65'534;  ///< may only observe
inline constexpr uid_t operator_uid = 65'533;

}  // namespace exapulse::test
