// SPDX-License-Identifier: BSD-3-Clause
// PipesReactor: the main loop of the simulated ExaBGP 4.2 and 5.0, and its faults.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <poll.h>
#include <random>
#include <span>
#include <string>
#include <string_view>

#include "tests/support/pipes_simulator/pipes_commands.hpp"
#include "tests/support/pipes_simulator/pipes_journal.hpp"
#include "tests/support/pipes_simulator/relay_process.hpp"
#include "tests/support/simulator/work_queue.hpp"

namespace exapulse::test {

/// This process, as ExaBGP's: its child is the relay, and alone holds the pipes. Routes outlive the
/// relay; answers that are not given yet when it dies go to the next one, and to nobody when it is
/// replaced by a reload.
class PipesReactor {
  public:
    using Clock = WorkQueue::Clock;
    using Milliseconds = std::chrono::milliseconds;

    /// Set freely between two turns.
    struct Behaviour {
        bool silent = false;  ///< reads and answers nothing
        Milliseconds answer_delay{0};
        Milliseconds respawn{20};      ///< how long a relay that died is away
        double fault_probability = 0;  ///< of each command to run into one of the four faults
    };

    /// `journal` is told what happens; empty: nobody is.
    PipesReactor(PipesRelay::Setup relay, Dialect dialect, const std::string& journal);

    /// Waits for the next thing to happen, here or to `others`, and does what is to be done here.
    void turn(std::span<pollfd> others);

    /// The exit status, once it has ended.
    [[nodiscard]] std::optional<int> ended() const { return ended_; }

    void reload(Milliseconds away);  ///< another relay takes its place
    void shut_down();                ///< says so on the pipe, and ends

    [[nodiscard]] Behaviour& behaviour() { return behaviour_; }
    [[nodiscard]] PipesCommands& commands() { return commands_; }
    [[nodiscard]] pid_t relay_pid() const { return relay_->pid(); }
    void seed(std::uint64_t value) { random_.seed(value); }

  private:
    void start_relay(Milliseconds away);
    void relay_died();
    [[nodiscard]] bool dies_too_often();
    void read_commands();
    void take(std::string_view line);
    [[nodiscard]] WorkQueue::Work behaving(WorkQueue::Work work);
    void work();
    void perform(const WorkQueue::Bit& bit);
    [[nodiscard]] int timeout() const;

    PipesRelay::Setup relay_setup_;
    PipesCommands commands_;
    PipesJournal journal_;
    Behaviour behaviour_;
    std::mt19937_64 random_;
    std::optional<RelayProcess> relay_;
    std::map<std::int64_t, int> deaths_;  // in each minute, about
    std::string in_;                      // of a line without its LF yet
    WorkQueue at_once_, queued_;
    std::optional<int> ended_;
};

}  // namespace exapulse::test
