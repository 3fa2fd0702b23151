// SPDX-License-Identifier: BSD-3-Clause
// The journal of systemd, for messages with fields.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace exapulse {

using JournalFields = std::vector<std::pair<std::string_view, std::string>>;

/// Whether the journal reads stderr, as it does for a service: only then is it the log.
[[nodiscard]] bool journal_reads_stderr();

/// Writes one entry; `priority` is one of syslog(3). False where it cannot be written, or where
/// exapulsed was built without libsystemd.
bool send_to_journal(int priority, const std::string& message, const JournalFields& fields);

}  // namespace exapulse
