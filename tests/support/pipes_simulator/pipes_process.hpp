// SPDX-License-Identifier: BSD-3-Clause
// run_pipes_process(): exabgp-simulator on named pipes, with signals and control words.
#pragma once

#include <chrono>
#include <string>

#include "daemon/exabgp/dialect.hpp"

namespace exapulse::test {

struct PipesProcessOptions {
    std::string pipes;  ///< their name, without .in and .out
    Dialect dialect = Dialect::Pipes42;
    std::string journal{};  ///< for PipesJournal
    std::string pidfile{};  ///< stays when the process is killed, as ExaBGP's does
    /// See PipesRelay. ExaBGP's relay sleeps up to 1 s if NAME.out is full or nobody reads it.
    std::chrono::milliseconds retry{1000};
    /// How long it takes to replace a relay on a signal or a command.
    std::chrono::milliseconds respawn{500};
};

/// Creates NAME.in and NAME.out unless something of that name exists. Throws on failure.
void make_pipes(const std::string& name);

/// SIGUSR1, SIGUSR2 and SIGALRM replace the relay, a child of this process; SIGTERM, SIGINT and
/// SIGHUP stop it. On stdin it reads the words that `help` lists, and answers each with one line.
/// Returns the exit status. The process must have no other threads.
[[nodiscard]] int run_pipes_process(const PipesProcessOptions& options);

}  // namespace exapulse::test
