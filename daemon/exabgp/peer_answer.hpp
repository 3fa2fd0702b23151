// SPDX-License-Identifier: BSD-3-Clause
// Peer answers: what ExaBGP says about its peers, in the forms its versions have. Pure.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "daemon/exabgp/peer.hpp"

namespace exapulse {

/// The forms, and what each tells (measured on 4.2.21, 5.0.13 and 6.0).
enum class PeerAnswer {
    Status,         ///< 6.0 `daemon status`, JSON: every peer, by its name, and its FSM's state
    Detail,         ///< 6.0 `peer show summary`, JSON: messages and prefixes of every peer
    Summary,        ///< `show neighbor summary`, a row a peer
    Configuration,  ///< `show neighbor configuration`: what is configured, not how it is
};

/// What it means that a peer is not in an answer.
enum class Unnamed {
    Gone,    ///< there is no such peer
    Down,    ///< it is down, or gone: 4.2's summary shows only those that are up
    Unsaid,  ///< nothing: the answer adds to what others told
};

/// How much is asked about the peers at a time.
enum class PictureDepth {
    Names,      ///< the names that selectors are matched with, and nothing else
    Existence,  ///< which ones there are
    Sessions,   ///< how each one's session is, and how old
    Whole,      ///< all that ExaBGP tells
};

struct PeerQuestion {
    std::string_view line;
    PeerAnswer form;
    Unnamed unnamed;
    PictureDepth depth;  ///< asked for a picture of this depth, and of any deeper one
};

/// The peers in `answer`, all its lines with their LF; nullopt when it is not of that form, has
/// more than most_peers, or names one that is not plausible. `now`: when it came, for ExaBGP tells
/// how long a peer has been up.
[[nodiscard]] std::optional<std::vector<Peer>> read_peers(PeerAnswer form, std::string_view answer,
                                                          WallTime now);

}  // namespace exapulse
