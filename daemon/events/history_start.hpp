// SPDX-License-Identifier: BSD-3-Clause
// HistoryStart: where an answer about the past begins, and ExaBGP's state then. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/protocol.hpp"
#include "common/time.hpp"

namespace exapulse {

/// An event's place in the stream, across runs of exapulsed: see EventPlace.
struct EventPosition {
    std::string boot{};
    std::uint64_t seq = 0;  ///< 0: before the first event of that run

    friend bool operator==(const EventPosition&, const EventPosition&) = default;
};

/// A run of exapulsed, as far as it is known: one that was killed was alive at `until`, and perhaps
/// a minute longer.
struct RunOfExapulsed {
    std::string boot{};
    WallTime started{};
    WallTime until{};
};

struct HistoryStart {
    WallTime from{};                              ///< nothing since then is missing
    HealthState state = HealthState::Connecting;  ///< at `from`
    std::string uuid{};                           ///< at `from`; empty: none known
    EventPosition after{};                        ///< the last event before it
    bool complete = true;                         ///< it reaches as far back as was asked
    std::vector<RunOfExapulsed> runs{};           ///< since `from`, oldest first
};

/// Sets `start` to the state after an event: takes `state`, `uuid`, `boot` and `seq` from its line,
/// and leaves the rest as it is.
void set_start_after(std::string_view line, HistoryStart& start);

/// The first line of the answer to `sidecar history`, without LF.
[[nodiscard]] std::string format_history_start(const HistoryStart& start, WallTime now);

/// The `gap` event that represents everything before `start`, or `dropped` events up to
/// `start.after`, without LF.
[[nodiscard]] std::string format_gap(const HistoryStart& start, std::uint64_t dropped);

}  // namespace exapulse
