// SPDX-License-Identifier: BSD-3-Clause
// RelayProcess: a PipesRelay in a child process, seen from the reactor.
#pragma once

#include <chrono>
#include <string_view>
#include <sys/types.h>

#include "common/file_descriptor.hpp"
#include "tests/support/pipes_simulator/pipes_relay.hpp"

namespace exapulse::test {

/// A child in a process group of its own, as ExaBGP's; it dies with this process, whatever kills
/// that. Must be created by the only thread of the process.
class RelayProcess {
  public:
    /// Opens the pipes when `away` is over, the time ExaBGP's Python takes to start.
    RelayProcess(const PipesRelay::Setup& setup, std::chrono::milliseconds away);
    ~RelayProcess();  ///< kill -9
    RelayProcess(const RelayProcess&) = delete;
    RelayProcess& operator=(const RelayProcess&) = delete;

    [[nodiscard]] pid_t pid() const { return pid_; }

    /// Readable when there are commands, and at its end when the relay is dead.
    [[nodiscard]] int commands() const { return commands_.get(); }

    /// Waits while the relay has no room. A dead one gets nothing.
    void answer(std::string_view bytes);

    /// Lets it deliver what it has, for a moment, and go.
    void finish();

    /// Its exit status, or -1 when it was killed; waits for its end.
    [[nodiscard]] int status();

  private:
    pid_t pid_ = -1;
    FileDescriptor commands_, answers_;
};

}  // namespace exapulse::test
