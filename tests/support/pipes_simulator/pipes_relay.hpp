// SPDX-License-Identifier: BSD-3-Clause
// PipesRelay: ExaBGP's child process between the named pipes and the reactor.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

#include "common/file_descriptor.hpp"

namespace exapulse::test {

/// Keeps NAME.in open for reading and writing, so that it never ends; opens NAME.out for each line
/// of an answer, and closes it again. Relays only complete lines.
class PipesRelay {
  public:
    struct Setup {
        std::string name;  ///< of the pipes, without .in and .out
        /// How long it waits if NAME.out accepts nothing: nobody has it open, or it is full.
        std::chrono::milliseconds retry{};
        std::size_t longest_line = 0;  ///< a longer one without LF ends it; 0: none does
    };

    /// The descriptors are the ends of pipes to and from the reactor. Throws if NAME.in is not a
    /// named pipe or cannot be opened.
    PipesRelay(Setup setup, int from_reactor, int to_reactor);

    /// Runs until the reactor closes its end and everything that it sent is delivered, then even a
    /// partial line, as when ExaBGP's relay dies between two writes. False: a line was too long.
    [[nodiscard]] bool run();

  private:
    [[nodiscard]] bool take_commands();
    void take_answers();
    void deliver();
    [[nodiscard]] bool has_undelivered() const;

    Setup setup_;
    int from_reactor_, to_reactor_;
    FileDescriptor in_;
    std::string commands_;  // the start of a line
    std::string answers_;
    std::size_t delivered_ = 0;  // of answers_
    bool ending_ = false;
};

}  // namespace exapulse::test
