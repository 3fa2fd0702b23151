// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/system/journal.hpp"

#include <cstdlib>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <fmt/format.h>

#ifdef EXAPULSE_SYSTEMD
#include <systemd/sd-journal.h>
#endif

namespace exapulse {

bool journal_reads_stderr() {
    // systemd names the device and inode of the stream it connected.
    const char* stream = std::getenv("JOURNAL_STREAM");
    struct stat found {};
    return stream != nullptr && fstat(STDERR_FILENO, &found) == 0 &&
           fmt::format("{}:{}", found.st_dev, found.st_ino) == stream;
}

#ifdef EXAPULSE_SYSTEMD

bool send_to_journal(int priority, const std::string& message, const JournalFields& fields) {
    std::vector<std::string> texts{fmt::format("MESSAGE={}", message),
                                   fmt::format("PRIORITY={}", priority),
                                   "SYSLOG_IDENTIFIER=exapulsed"};
    for (const auto& [name, value] : fields) texts.push_back(fmt::format("{}={}", name, value));
    std::vector<iovec> parts;
    for (std::string& text : texts) parts.push_back({text.data(), text.size()});
    return sd_journal_sendv(parts.data(), static_cast<int>(parts.size())) == 0;
}

#else

bool send_to_journal(int, const std::string&, const JournalFields&) {
    return false;
}

#endif

}  // namespace exapulse
