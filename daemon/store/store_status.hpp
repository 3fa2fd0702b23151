// SPDX-License-Identifier: BSD-3-Clause
// StoreStatus: where events are kept now, and how much there is. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "common/protocol.hpp"
#include "common/time.hpp"

namespace exapulse {

struct EventsKept {
    WallTime since{};  ///< nothing since then is missing
    std::uint64_t events = 0;
};

struct StoreStatus {
    StoreState state = StoreState::Memory;
    std::string problem{};    ///< why the file can't be used now; empty while it is
    std::size_t waiting = 0;  ///< events not written yet
    std::uint64_t bytes = 0;  ///< of the file
    /// What the file has; nullopt while it can't be used.
    std::optional<EventsKept> kept{};
};

}  // namespace exapulse
