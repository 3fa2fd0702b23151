// SPDX-License-Identifier: BSD-3-Clause
// StoredCommand: the record of a command as it is kept for those who ask later. Pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "common/protocol.hpp"
#include "common/time.hpp"

namespace exapulse {

/// As AuditRecord, with texts of its own.
struct StoredCommand {
    std::uint64_t number = 0;  ///< within this run of exapulsed, from 1 on
    WallTime time{};
    std::uint64_t session = 0;
    std::uint32_t uid = 0;
    std::string user{};
    std::int64_t pid = 0;
    std::string process{};
    std::string command{};
    Role needed = Role::None;
    std::string verdict{};
    std::string why{};
    std::chrono::microseconds took{};
    std::uint64_t lost = 0;  ///< not 0: it represents that many records which could not be kept
};

/// Selects records; an empty field matches all of them.
struct CommandQuery {
    std::optional<WallTime> since{};
    std::string user{};  ///< a name or a uid
    std::string peer{};  ///< an address that the command names
};

/// Some of the records, oldest first.
struct CommandPage {
    std::string lines{};     ///< JSON, with an LF after each
    std::uint64_t last = 0;  ///< the next page begins after it; 0: at the beginning
    bool end = false;        ///< there are no more now
};

/// Whether it matches the query, whose `since` is ignored.
[[nodiscard]] bool fits(const StoredCommand& command, const CommandQuery& query);

/// A line of JSON without LF; `boot` is the run of exapulsed, empty where it is not known any more.
[[nodiscard]] std::string format_command(const StoredCommand& command, std::string_view boot);

}  // namespace exapulse
