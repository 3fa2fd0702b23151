// SPDX-License-Identifier: BSD-3-Clause
// OutputLines: the answers on standard output, as fast as their reader takes them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace exapulse::client {

/// Nothing here blocks but write_all(), so that a reader that has stopped, a paused pager for one,
/// keeps nobody from being told of a signal. What else is written to standard output must wait
/// until it is empty.
class OutputLines {
  public:
    /// With so much that is not taken yet no more answers should be read.
    static constexpr std::size_t enough = 64U << 10;

    OutputLines();

    /// `line` without LF. It is escaped where a terminal shows it, and goes byte by byte as it came
    /// anywhere else.
    void add(std::string_view line);
    /// Writes what the reader takes now. Throws std::system_error: the disk is full, for one.
    void write_some();
    /// Waits for the reader until it has taken all; for when there is nothing else to wait for.
    void write_all();

    [[nodiscard]] bool empty() const { return waiting_.size() == written_; }
    [[nodiscard]] bool full() const { return waiting_.size() - written_ >= enough; }

  private:
    void forget_written();

    std::string waiting_;
    std::size_t written_ = 0;  // of it
    bool terminal_;
    std::size_t most_;  // that a write(2) hands over without blocking
};

}  // namespace exapulse::client
