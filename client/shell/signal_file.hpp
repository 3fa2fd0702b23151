// SPDX-License-Identifier: BSD-3-Clause
// SignalFile: the signals of a shell as a descriptor for poll(2).
#pragma once

#include <csignal>
#include <optional>

#include "common/file_descriptor.hpp"

namespace exapulse::client {

/// While it lives, SIGINT, SIGWINCH, SIGCONT, SIGTERM and SIGHUP come here, and SIGPIPE not at
/// all.
class SignalFile {
  public:
    SignalFile();
    ~SignalFile();
    SignalFile(const SignalFile&) = delete;
    SignalFile& operator=(const SignalFile&) = delete;

    [[nodiscard]] int fd() const { return file_.get(); }

    /// The number of the next signal that has come.
    [[nodiscard]] std::optional<int> next();

    /// Forgets those of `number` that have come: they were meant for another program.
    void forget(int number);

  private:
    sigset_t before_{};
    FileDescriptor file_;
};

}  // namespace exapulse::client
