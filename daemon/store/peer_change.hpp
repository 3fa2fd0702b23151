// SPDX-License-Identifier: BSD-3-Clause
// PeerChange: a row of what is kept of each peer, for its availability. Pure.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "common/time.hpp"

namespace exapulse {

struct PeerChange {
    enum class State {
        Up,       ///< its session is established
        Down,     ///< it is not
        Gone,     ///< ExaBGP has no such peer any more
        Unknown,  ///< ExaBGP is not asked, or does not answer; only of all peers
        Known,    ///< all peers are again as they were before Unknown; only of all peers
    };
    WallTime time{};
    std::string peer{};  ///< its address; empty: all of them
    State state = State::Unknown;
    bool restart = false;  ///< Down because ExaBGP ended, not by itself
};

inline constexpr std::array<std::string_view, 5> peer_change_names{"up", "down", "gone", "unknown",
                                                                   "known"};

[[nodiscard]] constexpr std::string_view name_of(PeerChange::State state) {
    return peer_change_names[static_cast<std::size_t>(state)];
}

}  // namespace exapulse
