// SPDX-License-Identifier: BSD-3-Clause
// Peer answers: parses ExaBGP's answers about its peers, in the formats of its versions. Pure.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "daemon/exabgp/peer.hpp"

namespace exapulse {

/// The formats, and their contents (measured on 4.2.21, 5.0.13 and 6.0).
enum class PeerAnswer {
    Status,         ///< 6.0 `daemon status`, JSON: the name of every peer, and its FSM's state
    Detail,         ///< 6.0 `peer show summary`, JSON: messages and prefixes of every peer
    Summary,        ///< `show neighbor summary`, one row per peer
    Configuration,  ///< `show neighbor configuration`: the configuration, not the state
};

/// What it means if a peer is not in an answer.
enum class IfAbsent {
    Removed,  ///< there is no such peer
    Down,     ///< it is down, or does not exist: 4.2's summary has only those that are up
    Unknown,  ///< nothing: the answer only adds to earlier ones
};

/// How much to query about the peers.
enum class PeerDetail {
    Names,      ///< only the names that selectors are matched with
    Existence,  ///< which peers exist
    Sessions,   ///< the state and age of each session
    Full,       ///< everything that ExaBGP reports
};

struct PeerQuestion {
    std::string_view line;
    PeerAnswer form;
    IfAbsent if_absent;
    PeerDetail detail;  ///< the question is part of a query of this detail or more
};

/// The peers in `answer`, all its lines with their LF; nullopt if it is not in that format, or has
/// more than most_peers, or one that is not plausible. `now`: when it arrived, since ExaBGP reports
/// how long a peer has been up.
[[nodiscard]] std::optional<std::vector<Peer>> read_peers(PeerAnswer form, std::string_view answer,
                                                          WallTime now);

}  // namespace exapulse
