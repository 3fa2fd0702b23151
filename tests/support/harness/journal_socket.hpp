// SPDX-License-Identifier: BSD-3-Clause
// JournalSocket: replaces systemd's journal, for a program that is started in its namespace.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "common/file_descriptor.hpp"
#include "tests/support/harness/temp_dir.hpp"

namespace exapulse::test {

/// The datagram socket that sd_journal_send(3) writes to, in a directory of its own.
class JournalSocket {
  public:
    JournalSocket();

    /// What starts a program for which this is the journal, which also reads its stderr. Its /run
    /// has nothing else. The program keeps the process id.
    [[nodiscard]] std::vector<std::string> wrapper() const;
    /// False where the kernel, or this user's rights, allow no namespaces.
    [[nodiscard]] bool works() const;

    /// The fields of one entry.
    using Entry = std::map<std::string, std::string>;
    /// Every entry received so far, oldest first.
    [[nodiscard]] const std::vector<Entry>& received();

  private:
    TempDir dir_;
    FileDescriptor fd_;
    std::vector<Entry> received_;
};

}  // namespace exapulse::test
