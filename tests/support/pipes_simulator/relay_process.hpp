// SPDX-License-Identifier: BSD-3-Clause
// RelayProcess: a PipesRelay in a child process, seen from the reactor.
#pragma once

#include <chrono>
#include <string_view>
#include <sys/types.h>

#include "common/file_descriptor.hpp"
#include "tests/support/pipes_simulator/pipes_relay.hpp"

namespace exapulse::test {

/// A child in its own process group, as ExaBGP's; it dies with this process, whatever kills that.
/// Must be created by the only thread of the process.
class RelayProcess {
  public:
    /// Opens the pipes after `away`, the time that ExaBGP's Python takes to start.
    RelayProcess(const PipesRelay::Setup& setup, std::chrono::milliseconds away);
    ~RelayProcess();  ///< kill -9
    RelayProcess(const RelayProcess&) = delete;
    RelayProcess& operator=(const RelayProcess&) = delete;

    [[nodiscard]] pid_t pid() const { return pid_; }

    /// Readable when there are commands, and at end of file when the relay is dead.
    [[nodiscard]] int commands() const { return commands_.get(); }

    /// Waits while the relay accepts nothing. A dead one gets nothing.
    void answer(std::string_view bytes);

    /// Lets it deliver what it has, for a short time, and exit.
    void finish();

    /// Waits for its end. Returns its exit status, or -1 if it was killed.
    [[nodiscard]] int status();

  private:
    pid_t pid_ = -1;
    FileDescriptor commands_, answers_;
};

}  // namespace exapulse::test
