// SPDX-License-Identifier: BSD-3-Clause
// TestedExabgp: the simulated ExaBGP of a run, on its socket or its pipes, and what is done to it.
#pragma once

#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "tests/promises/recorder.hpp"
#include "tests/support/harness/temp_dir.hpp"
#include "tests/support/pipes_simulator/pipes_simulator.hpp"
#include "tests/support/socket_simulator/exabgp_simulator.hpp"

namespace exapulse::test {

/// Whatever is done to it, and for how long, is recorded. For one thread.
class TestedExabgp {
  public:
    /// V6 is the one with a socket.
    TestedExabgp(Dialect dialect, std::uint64_t seed, Recorder& recorder);

    [[nodiscard]] bool has_pipes() const { return pipes_ != nullptr; }
    [[nodiscard]] std::vector<std::string> upstream_flags() const;
    /// The longest pause between two attempts of exapulsed to reach it, as long as no fault keeps
    /// it away for more than 1 s.
    [[nodiscard]] Duration longest_retry() const;
    /// How long it must say nothing before exapulsed trusts its answers again, once commands were
    /// lost: where answers have no order, it is up only after that.
    [[nodiscard]] Duration silence() const;

    void reload();       ///< the connection ends, the process stays
    void kill_helper();  ///< of 4.2 and 5.0: the process that reads the pipes; else reload()
    void restart(Duration away);  ///< SIGTERM; another process starts `away` later
    void kill(Duration away);     ///< kill -9; another process starts `away` later
    void hang(Duration time);     ///< SIGSTOP, then SIGCONT
    void answer_in_pieces(std::size_t bytes, Duration time);
    /// For `time` it answers announces wrongly with `probability`. 4.2 and 5.0 die now and then.
    void err(double probability, Duration time);

    /// Records what it has received and answered; to be called now and then, since the one of 6.0
    /// keeps that in memory.
    void collect();
    /// The same, and that it is over.
    void end();

  private:
    void begin_process();
    void end_process();
    void add(const std::vector<ReceivedLine>& received, const std::vector<ReceivedLine>& answered);

    Recorder& recorder_;
    TempDir dir_;
    std::unique_ptr<ExabgpSimulator> socket_;  // one of the two
    std::unique_ptr<PipesSimulator> pipes_;
    int helpers_killed_ = 0;
    std::vector<std::string> forbidden_;
    ExabgpProcess process_{};
};

}  // namespace exapulse::test
