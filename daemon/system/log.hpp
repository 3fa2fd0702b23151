// SPDX-License-Identifier: BSD-3-Clause
// The log: spdlog on stderr, in the format that its reader expects. Messages may contain untrusted
// text: each is written as one printable line of at most 16 KiB.
#pragma once

#include <string>
#include <string_view>

#include <spdlog/common.h>

namespace exapulse {

/// If the journal reads stderr, lines have systemd's priorities (sd-daemon(3)) and no time;
/// otherwise time and level. Call once.
void start_log();

/// Writes one line with the next one that is logged by others, or by flush_log(): a write costs
/// more than the rest of a line of which there are many.
void log_with_next(spdlog::level::level_enum level, std::string_view text);
/// Writes what waits.
void flush_log();

/// debug, info, warning or error.
void set_log_level(const std::string& level);

}  // namespace exapulse
