// SPDX-License-Identifier: BSD-3-Clause
// TerminalMode: what the terminal does with keys while no line is being read.
#pragma once

#include <termios.h>

namespace exapulse::client {

/// Remembers how the terminal was, and leaves it so.
class TerminalMode {
  public:
    TerminalMode();
    ~TerminalMode() { as_found(); }
    TerminalMode(const TerminalMode&) = delete;
    TerminalMode& operator=(const TerminalMode&) = delete;

    /// Keys are kept for later and not shown; Ctrl-C still sends its signal.
    void keep_keys();
    void as_found();

  private:
    termios found_{};
    bool known_ = false;
};

}  // namespace exapulse::client
