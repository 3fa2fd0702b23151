// SPDX-License-Identifier: BSD-3-Clause
// The log: spdlog on stderr, in the form that its reader wants. Messages may hold foreign text as
// it came: each is written as one printable line of at most 16 KiB.
#pragma once

#include <string>

namespace exapulse {

/// Where the journal reads stderr, lines carry systemd's priorities (sd-daemon(3)) and no time of
/// their own; elsewhere time and level. Call once.
void start_log();

/// debug, info, warning or error.
void set_log_level(const std::string& level);

}  // namespace exapulse
