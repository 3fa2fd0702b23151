// SPDX-License-Identifier: BSD-3-Clause
// PipesSimulator: simulates ExaBGP 4.2 or 5.0 on its named pipes, controlled by a test.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

#include "daemon/exabgp/dialect.hpp"
#include "tests/support/harness/child_process.hpp"
#include "tests/support/harness/temp_dir.hpp"
#include "tests/support/simulator/received_line.hpp"

namespace exapulse::test {

/// Runs from construction to destruction, as the program named by EXABGP_SIMULATOR: on these
/// versions only the processes that serve the pipes distinguish a reload from a restart, so they
/// are real: a reactor and its child, the relay, which alone has the pipes open. The answers are
/// defined in pipes_commands.hpp and test_verbs.hpp.
///
/// Every method returns once it has taken effect. While silent or not running, only silence(),
/// crash(), stop(), start(), restart(), freeze_relay() and queries about the past may be called.
class PipesSimulator {
  public:
    using Milliseconds = std::chrono::milliseconds;

    /// NAME.in and NAME.out are created at each start, unless something of that name exists.
    PipesSimulator(std::string name, Dialect dialect);
    ~PipesSimulator();  ///< as crash()
    PipesSimulator(const PipesSimulator&) = delete;
    PipesSimulator& operator=(const PipesSimulator&) = delete;

    // Life and death
    void stop();     ///< SIGTERM: a line `shutdown PID PPID` and an empty one, then it exits
    void crash();    ///< kill -9: nothing is written
    void start();    ///< a new process: no routes; crash() before, if one is running
    void restart();  ///< stop() and start()
    /// A reload: the relay is replaced, and the pipes are not open for `away`. What it has not read
    /// stays in NAME.in as long as somebody has that open.
    void bounce(Milliseconds away = Milliseconds{0});
    /// kill -9: it is replaced, but the fifth death within a minute ends ExaBGP as well.
    void kill_relay();
    void set_respawn(Milliseconds away);  ///< as `away`, for what commands and faults bounce

    // Misbehaviour
    /// SIGSTOP, SIGCONT for the reactor: the relay still reads, 64 KiB go into the pipe between
    /// them, and what came meanwhile is answered in a burst.
    void silence(bool on);
    void freeze_relay(bool on);  ///< the same for the relay: not even the pipe is read
    void set_answer_delay(Milliseconds delay);
    /// Each command fails with `probability` in one of four ways: the relay dies before the answer,
    /// in the middle of it or right after it, or the answer is late.
    void set_faults(std::uint64_t seed, double probability);
    void set_acks(bool on);  ///< exabgp_api_ack; a 5.0 forgets it with the relay

    // Its state
    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] Dialect dialect() const { return dialect_; }
    [[nodiscard]] std::string pidfile() const { return notes_ / "pid"; }  ///< it writes one
    [[nodiscard]] bool is_running();
    [[nodiscard]] pid_t pid() const { return process_.value().pid(); }
    [[nodiscard]] pid_t relay_pid() const;
    [[nodiscard]] std::vector<std::string> routes() const;  ///< the prefixes announced

    // What happened, over all the processes so far
    /// How often its input killed it (see pipes_killers()) or its relay: a byte of 0x80 or above
    /// and, with 5.0, more than 1 MiB without LF.
    [[nodiscard]] int killed() const;
    /// Every line that the reactor received, since the start or clear_history().
    [[nodiscard]] std::vector<ReceivedLine> history() const;
    /// The commands answered as a whole, each with the time of its answer's end.
    [[nodiscard]] std::vector<ReceivedLine> answered() const;
    [[nodiscard]] std::vector<std::string> received() const;
    [[nodiscard]] std::size_t count_of(std::string_view line) const;
    [[nodiscard]] std::size_t count_if(
        const std::function<bool(const std::string&)>& predicate) const;
    void clear_history();

  private:
    /// Sends a control word; returns the answer.
    std::string tell(const std::string& words) const;
    /// The same for a word that is also sent to the next process.
    void set(const std::string& word, const std::string& arguments);
    [[nodiscard]] std::string journal() const { return notes_ / "journal"; }
    void reap();

    TempDir notes_;  // keeps other files out of the directory of the pipes, which may be watched
    std::string name_;
    Dialect dialect_;
    std::map<std::string, std::string> settings_;
    mutable std::optional<ChildProcess> process_;
    std::optional<pid_t> frozen_relay_;
};

}  // namespace exapulse::test
