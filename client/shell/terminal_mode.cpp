// SPDX-License-Identifier: BSD-3-Clause
#include "client/shell/terminal_mode.hpp"

#include <unistd.h>

namespace exapulse::client {

TerminalMode::TerminalMode() : known_(tcgetattr(STDIN_FILENO, &found_) == 0) {}

void TerminalMode::keep_keys() {
    if (!known_) return;
    termios mode = found_;
    mode.c_lflag &= ~static_cast<tcflag_t>(ECHO | ICANON);
    mode.c_cc[VMIN] = 1;
    mode.c_cc[VTIME] = 0;
    tcsetattr(STDIN_FILENO, TCSADRAIN, &mode);
}

void TerminalMode::as_found() {
    if (known_) tcsetattr(STDIN_FILENO, TCSADRAIN, &found_);
}

}  // namespace exapulse::client
