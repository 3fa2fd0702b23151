// SPDX-License-Identifier: BSD-3-Clause
// How large the terminal is now.
#pragma once

#include <cstddef>

namespace exapulse::client {

struct TerminalSize {
    std::size_t rows = 24;
    std::size_t columns = 80;
};

/// Of the one that stdout is; the usual size where it does not say.
[[nodiscard]] TerminalSize terminal_size();

}  // namespace exapulse::client
