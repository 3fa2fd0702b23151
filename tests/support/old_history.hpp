// SPDX-License-Identifier: BSD-3-Clause
// make_old_history(): a history.db as an exapulsed with an older version of the tables left it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include <fmt/format.h>

#include "daemon/store/database.hpp"
#include "daemon/store/schema.hpp"
#include "tests/unit/daemon/store/stored_events.hpp"

namespace exapulse::test {

/// With the run `old`, its events 1 and 2, and its command 7 if the version has any; version 0 has
/// no tables. `page_size` is SQLite's.
inline void make_old_history(const std::string& path, std::size_t version,
                             std::size_t page_size = 4'096) {
    Database database(path, Database::Access::ReadWrite);
    database.execute(fmt::format("PRAGMA page_size = {}", page_size).c_str());
    for (std::size_t i = 0; i < version; ++i) database.execute(migrations()[i]);
    database.execute(fmt::format("PRAGMA user_version = {}", version).c_str());
    if (version == 0) return;
    database.execute("INSERT INTO run(id, boot, started, seen) VALUES(1, 'old', 0, 10)");
    database.execute("INSERT INTO pruned VALUES(1, 1, 0, 0, '')");
    if (version >= 4)
        database.execute(
            "INSERT INTO command VALUES(1 << 40 | 7, 5, 3, 0, 'root', 12, 'sh', 'announce', "
            "'operate',"
            " 'done', '', 9, 0)");
    for (std::uint64_t seq = 1; seq <= 2; ++seq)
        database.execute(fmt::format("INSERT INTO event(run, seq, time, type, line)"
                                     " VALUES(1, {}, 5, 'degraded', '{}')",
                                     seq, stored("old", seq).line)
                             .c_str());
}

}  // namespace exapulse::test
