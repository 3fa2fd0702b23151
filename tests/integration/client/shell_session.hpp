// SPDX-License-Identifier: BSD-3-Clause
// ShellSession: a person at a shell, on a terminal, with exapulse's completion loaded.
#pragma once

#include <string>
#include <string_view>

#include "tests/support/harness/child_process.hpp"
#include "tests/support/harness/temp_dir.hpp"

namespace exapulse::test {

/// An interactive bash, zsh or fish without anybody's settings. `exapulse` in it completes as the
/// real one does, and it and exapulsed run as stand-ins that print their arguments:
/// "ran[watch][--json]". One peer is made up,
/// 2001:db8::1.
class ShellSession {
  public:
    /// `name` is the shell's; `socket` is what EXAPULSE_SOCKET holds.
    ShellSession(std::string name, const std::string& socket);

    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] const TempDir& dir() const { return dir_; }  ///< where the shell is
    [[nodiscard]] std::string output() const { return terminal_->stdout_text(); }

    /// As from the keyboard; "\t" is the TAB key.
    void type(std::string_view keys) { terminal_->write_stdin(keys); }
    /// Waits for `text` on the terminal, behind what was waited for before.
    [[nodiscard]] Outcome shows(std::string_view text);

  private:
    std::string name_;
    TempDir dir_;
    std::unique_ptr<ChildProcess> terminal_;
    std::size_t seen_ = 0;
};

}  // namespace exapulse::test
