// SPDX-License-Identifier: BSD-3-Clause
// The log: spdlog on stderr, in the format that its reader expects. Messages may contain untrusted
// text: each is written as one printable line of at most 16 KiB.
#pragma once

#include <string>

namespace exapulse {

/// If the journal reads stderr, lines have systemd's priorities (sd-daemon(3)) and no time;
/// otherwise time and level. Call once.
void start_log();

/// debug, info, warning or error.
void set_log_level(const std::string& level);

}  // namespace exapulse
