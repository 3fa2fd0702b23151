// SPDX-License-Identifier: BSD-3-Clause
// PipesJournal: records what a simulator of ExaBGP 4.2 or 5.0 does in a file that outlives it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/file_descriptor.hpp"
#include "tests/support/simulator/received_line.hpp"

namespace exapulse::test {

/// Appends to a file, one write per entry, so that another process can read it at any time and
/// nothing is lost when this one is killed.
class PipesJournal {
  public:
    /// Empty: writes nothing.
    explicit PipesJournal(const std::string& path);

    void received(std::string_view line);  ///< ExaBGP has it and will execute it
    void killed(std::string_view whom);    ///< by a command
    void answered(std::string_view line);  ///< its whole answer is on the way

    struct Content {
        std::vector<ReceivedLine> lines, answered;
        int killed = 0;
    };
    /// The content of the file; empty if there is none.
    [[nodiscard]] static Content read(const std::string& path);

  private:
    void append(std::string_view kind, std::string_view text);

    FileDescriptor file_;
};

}  // namespace exapulse::test
