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

/// This process, like ExaBGP's: only its child, the relay, has the pipes open. Routes outlive the
/// relay; pending answers go to the next relay if it dies, and to nobody if a reload replaces it.
class PipesReactor {
  public:
    using Clock = WorkQueue::Clock;
    using Milliseconds = std::chrono::milliseconds;

    /// May be changed between two turns.
    struct Behaviour {
        bool silent = false;  ///< reads and answers nothing
        Milliseconds answer_delay{0};
        Milliseconds respawn{20};      ///< how long it takes to replace a relay that died
        double fault_probability = 0;  ///< of each command to run into one of the four faults
    };

    /// `journal` is the file for PipesJournal; empty: none.
    PipesReactor(PipesRelay::Setup relay, Dialect dialect, const std::string& journal);

    /// Waits for the next event, here or on `others`, and handles it if it is here.
    void turn(std::span<pollfd> others);

    /// The exit status, once it has exited.
    [[nodiscard]] std::optional<int> ended() const { return ended_; }

    void reload(Milliseconds away);  ///< another relay takes its place
    void shut_down();                ///< announces it on the pipe, and exits

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
    [[nodiscard]] WorkQueue::Work behaving(std::string line, WorkQueue::Work work);
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
