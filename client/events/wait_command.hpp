// SPDX-License-Identifier: BSD-3-Clause
// `exapulse wait`: returns when ExaBGP or a peer is as asked.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "client/cli/arguments.hpp"
#include "common/protocol.hpp"

namespace exapulse::client {

struct SubcommandWords;

/// What a peer can be waited for to be: "down" is all but the first.
inline constexpr std::array<std::string_view, 7> peer_state_names{
    peer_established, peer_down, "idle", "active", "connect", "opensent", "openconfirm"};

/// What `wait` waits for.
struct WaitCondition {
    enum class Kind { Up, Down, Restart, Peer, NoPeer };
    Kind kind = Kind::Up;
    std::string address;  // of a peer
    std::string state;    // of a peer, one of peer_state_names

    friend bool operator==(const WaitCondition&, const WaitCondition&) = default;
};

struct WaitOptions {
    std::vector<WaitCondition> conditions;  // one at least
    bool any = false;                       // one of them is enough
};

[[nodiscard]] Action wait_command(const SubcommandWords& words);

}  // namespace exapulse::client
