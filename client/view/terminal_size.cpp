// SPDX-License-Identifier: BSD-3-Clause
#include "client/view/terminal_size.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

namespace exapulse::client {

TerminalSize terminal_size() {
    winsize size{};
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_row == 0 || size.ws_col == 0)
        return {};
    return {size.ws_row, size.ws_col};
}

}  // namespace exapulse::client
