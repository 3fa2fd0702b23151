// SPDX-License-Identifier: BSD-3-Clause
// SignalFile: signals as a descriptor for poll(2).
#pragma once

#include <csignal>
#include <initializer_list>
#include <optional>

#include "common/file_descriptor.hpp"

namespace exapulse::client {

/// Those that ask a process to end.
inline constexpr std::initializer_list<int> ending_signals{SIGINT, SIGTERM, SIGHUP};

/// While it lives, the signals named come here and nowhere else; those that are ignored, as in the
/// background of a script or under nohup(1), stay so.
class SignalFile {
  public:
    explicit SignalFile(std::initializer_list<int> numbers);
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
