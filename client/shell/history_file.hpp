// SPDX-License-Identifier: BSD-3-Clause
// HistoryFile: the lines typed into shells, kept from one to the next.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "common/file_descriptor.hpp"

namespace exapulse::client {

/// The parts of the environment that name the file; null where a variable is not set.
struct HistoryEnvironment {
    const char* histfile = nullptr;    // EXAPULSE_HISTFILE
    const char* state_home = nullptr;  // XDG_STATE_HOME
    const char* home = nullptr;        // HOME

    [[nodiscard]] static HistoryEnvironment of_process();
};

/// Empty: none is wanted, or there is no place for it. Pure.
[[nodiscard]] std::string history_path(const HistoryEnvironment& environment);

/// Readable by its owner only. Any number of shells may use it at once: each appends whole lines
/// under a lock, so none is lost.
class HistoryFile {
  public:
    /// How many lines are kept, the newest; a quarter more may be in the file meanwhile.
    static constexpr std::size_t most_lines = 10'000;
    /// A longer line is not kept: it was not typed by hand.
    static constexpr std::size_t longest_kept = 64U << 10;

    /// Opens the file, makes it when there is none, and takes its lines. `path` may be empty.
    /// Throws std::runtime_error, which says what is wrong and how to fix it.
    explicit HistoryFile(const std::string& path);
    HistoryFile() = default;  // keeps nothing

    /// The lines that were there at the start, oldest first.
    [[nodiscard]] const std::vector<std::string>& lines() const { return lines_; }

    /// Whether `line` is to be kept: not empty, no leading space, not the last one again.
    [[nodiscard]] bool wants(std::string_view line) const;

    /// Keeps `line`, if it is wanted; false: it is not. A disk that is full is no reason to stop a
    /// shell.
    bool add(std::string_view line);

  private:
    FileDescriptor file_;
    std::vector<std::string> lines_;
    std::string last_;
};

}  // namespace exapulse::client
